import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { segmentMax } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });
const { tf } = gpu;
const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
const ids = (...values: number[]): Tensor => tf.tensor1d(values, 'int32');

test.each([
  { shape: [700, 64], count: 50, sorted: true },
  { shape: [300, 2, 3], count: 40, sorted: false },
  { shape: [500], count: 3, sorted: false },
  { shape: [90, 300], count: 60, sorted: false },
])('rows $shape in $count segments (sorted: $sorted)', async ({ shape, count, sorted }) => {
  const random = randomFromSeed(count);
  const at = Int32Array.from({ length: shape[0]! }, () => random.integer(count + 1) - 1);
  // Squared, so that the gradient depends on the rows.
  const result = await agreement(
    gpu,
    (runtime, [x, to]) => runtime.tf.square(segmentMax(runtime, x!, to!, count)),
    [normals(random, ...shape), integer([shape[0]!], sorted ? at.sort() : at)],
  );
  expect(worst(result)).toBeLessThan(1e-6);
  expect(tf.getKernel('NoetherSegmentMaxGradient', 'webgpu')).toBeDefined();
});

test.each([1, 4])('NaN, infinities and segments without rows, %i columns', async (columns) => {
  const values = [nan, 1, 2, 2, nan, 3, 5, inf, -inf];
  const x = tf.tensor(
    values.flatMap((value) => new Array(columns).fill(value)),
    [9, columns],
  );
  const y = segmentMax(gpu, x, ids(0, 0, 1, 1, 1, 2, 2, 3, 4), 6);
  expect([...(await y.data())]).toEqual(
    [nan, nan, 5, inf, -inf, 0].flatMap((value) => new Array(columns).fill(value)),
  );
});

test.each([1, 4])('ties share the gradient, %i columns', async (columns) => {
  const values = [2, 7, 7, 1, 7, 5, 5, 9];
  const x = tf.tensor(
    values.flatMap((value) => new Array(columns).fill(value)),
    [8, columns],
  );
  const weights = tf.tensor2d([[10], [6], [4], [1]]);
  const gradient = tf.grad((t: Tensor) =>
    tf.sum(tf.mul(segmentMax(gpu, t, ids(0, 1, 1, 1, 1, 2, 2, -1), 4), weights)),
  )(x);
  expect([...(await gradient.data())]).toEqual(
    [10, 2, 2, 0, 2, 2, 2, 0].flatMap((value) => new Array(columns).fill(value)),
  );
});
