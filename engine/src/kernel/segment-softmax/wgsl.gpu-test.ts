import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { segmentSoftmax } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { shape: [400, 3], count: 30, sorted: false },
  { shape: [300], count: 2, sorted: true },
  { shape: [200, 10, 10], count: 64, sorted: false },
])('rows $shape in $count segments (sorted: $sorted)', async ({ shape, count, sorted }) => {
  const random = randomFromSeed(count);
  const x = normals(random, ...shape);
  // Large logits: without the maximum taken off, their exponentials are infinite.
  x.data.forEach((value, i) => {
    x.data[i] = Math.fround(40 * value);
  });
  const ids = Int32Array.from({ length: shape[0]! }, () => random.integer(count + 1) - 1);
  const segments = integer([shape[0]!], sorted ? ids.sort() : ids);
  const result = await agreement(gpu, (runtime, [y, at]) => segmentSoftmax(runtime, y!, at!, count), [
    x,
    segments,
  ]);
  expect(worst(result)).toBeLessThan(1e-4);
  expect(gpu.tf.getKernel('NoetherSegmentSoftmaxGradient', 'webgpu')).toBeDefined();
});

test('a masked row gets nothing, and no row means no row', async () => {
  const { tf } = gpu;
  const x = tf.tensor1d([1, Number.NEGATIVE_INFINITY, 1, 4]);
  const y = segmentSoftmax(gpu, x, tf.tensor1d([0, 0, 0, 1], 'int32'), 2);
  expect([...(await y.data())]).toEqual([0.5, 0, 0.5, 1]);
  expect(segmentSoftmax(gpu, tf.zeros([0, 2]), tf.tensor1d([], 'int32'), 2).shape).toEqual([0, 2]);
});
