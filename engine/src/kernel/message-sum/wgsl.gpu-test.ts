import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { messageSum } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { columns: 64, perEdge: false, edges: 700 },
  { columns: 6, perEdge: false, edges: 300 },
  { columns: 300, perEdge: false, edges: 60 },
  { columns: 64, perEdge: true, edges: 500 },
  { columns: 5, perEdge: true, edges: 300 },
  { columns: 1, perEdge: true, edges: 300 },
])('$edges edges of $columns columns (one weight an edge: $perEdge)', async ({ columns, perEdge, edges }) => {
  const random = randomFromSeed(columns);
  const [nodes, count] = [70, 50];
  const index = (low: number, high: number) =>
    integer(
      [edges],
      Int32Array.from({ length: edges }, () => low + random.integer(high - low)),
    );
  const inputs = [
    normals(random, nodes, columns),
    normals(random, edges, perEdge ? 1 : columns),
    index(0, nodes),
    index(-1, count),
  ];
  const result = await agreement(
    gpu,
    (runtime, [x, w, from, to]) => messageSum(runtime, x!, w!, from!, to!, count),
    inputs,
  );
  expect(worst(result)).toBeLessThan(3e-6);
  expect(gpu.tf.getKernel('NoetherMessageSumWeightGradient', 'webgpu')).toBeDefined();
});

test('no edges give zeros', async () => {
  const { tf } = gpu;
  const none = tf.tensor1d([], 'int32');
  const y = messageSum(gpu, tf.ones([3, 8]), tf.zeros([0, 8]), none, none, 2);
  expect([...(await y.data())]).toEqual(new Array(16).fill(0));
});
