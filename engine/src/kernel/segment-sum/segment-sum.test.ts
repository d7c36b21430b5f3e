import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed, real } from '../../tensor/index.ts';
import { segmentSum, segmentSumCost } from './index.ts';
import { segmentSumReference } from './reference.ts';

const random = randomFromSeed(2);
const x = real(
  [200, 3, 2],
  Float64Array.from({ length: 1200 }, () => random.normal()),
);
const segments = integer(
  [200],
  Int32Array.from({ length: 200 }, () => random.integer(21) - 1),
);
const expected = segmentSumReference(x, segments, 20);

test.each([
  { precision: 'float32', backend: 'wasm', tolerance: 5e-6 },
  { precision: 'float32', backend: 'cpu', tolerance: 5e-6 },
  { precision: 'float64', backend: 'auto', tolerance: 0 },
] as const)('$precision $backend agrees with the reference', async ({ tolerance, ...options }) => {
  const runtime = await openRuntime(options);
  const sums = await runtime.array(segmentSum(runtime, runtime.tensor(x), runtime.tensor(segments), 20));
  expect(sums.shape).toEqual([20, 3, 2]);
  sums.data.forEach((value, i) => {
    expect(Math.abs(value - expected.data[i]!)).toBeLessThanOrEqual(tolerance);
  });
});

test('the gradient of a row is that of its segment, and zero where it was left out', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf, tensor, array } = runtime;
  const weights = tf.reshape(tf.range(0, 120), [20, 3, 2]);
  const loss = (t: typeof weights) => tf.sum(tf.mul(segmentSum(runtime, t, tensor(segments), 20), weights));
  const gradient = (await array(tf.grad(loss)(tensor(x)))).data;
  segments.data.forEach((segment, i) => {
    for (let k = 0; k < 6; k++) expect(gradient[i * 6 + k]).toBe(segment < 0 ? 0 : segment * 6 + k);
  });
});

test('wrong lengths, dtypes and counts are refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  const { tf } = runtime;
  const ids = tf.tensor1d([0, 1], 'int32');
  expect(() => segmentSum(runtime, tf.ones([3, 2]), ids, 2)).toThrow(
    'segmentSum takes segments [m] int32 for x [m, ...], not [2] int32 for [3,2]',
  );
  expect(() => segmentSum(runtime, tf.ones([2]), tf.ones([2]), 2)).toThrow('not [2] float32');
  expect(() => segmentSum(runtime, tf.ones([2]), ids, 0)).toThrow('segmentSum takes count >= 1, not 0');
});

test('its cost', () => {
  expect(segmentSumCost(100, 64, 'float64')).toEqual({ flops: 6400, bytes: 3 * 6400 * 8 + 400 });
});
