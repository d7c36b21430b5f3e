import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { messageSumReference } from './reference.ts';
import { messageSumOnWebgpu } from './wgsl.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

const operation: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherMessageSum',
  reference: messageSumReference,
  gradient: (tf, dy, [x, w, senders, receivers]) => [
    () => runKernel(tf, 'NoetherMessageSum', [dy, w!, receivers!, senders!], { count: x!.shape[0]! }),
    () =>
      runKernel(tf, 'NoetherMessageSumWeightGradient', [x!, dy, senders!, receivers!], {
        perEdge: w!.shape[1] === 1 && x!.shape[1] !== 1,
      }),
    () => tf.zerosLike(senders!),
    () => tf.zerosLike(receivers!),
  ],
  kernels: [messageSumOnWebgpu],
};

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
  const result = await agreement(gpu, (runtime, all) => runFused(runtime, operation, all, { count }), inputs);
  expect(worst(result)).toBeLessThan(3e-6);
  expect(gpu.tf.getKernel(operation.name, 'webgpu')).toBeDefined();
});

test('no edges give zeros', async () => {
  const { tf } = gpu;
  const none = tf.tensor1d([], 'int32');
  const y = runFused(gpu, operation, [tf.ones([3, 8]), tf.zeros([0, 8]), none, none], { count: 2 });
  expect([...(await y.data())]).toEqual(new Array(16).fill(0));
});
