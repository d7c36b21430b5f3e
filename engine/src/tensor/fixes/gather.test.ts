import { expect, test } from 'vitest';
import { openRuntime } from '../index.ts';

const runtimes = [
  { precision: 'float32', backend: 'wasm' },
  { precision: 'float32', backend: 'cpu' },
  { precision: 'float64' },
] as const;

test.each(runtimes)('$precision $backend gathers along any axis, in batches, any dtype', async (options) => {
  const { tf } = await openRuntime(options);
  const x = tf.reshape(tf.range(0, 12, 1, 'int32'), [2, 3, 2]);
  const indices = tf.tensor1d([2, 0], 'int32');
  expect(await tf.gather(x, indices, 1).array()).toEqual([
    [
      [4, 5],
      [0, 1],
    ],
    [
      [10, 11],
      [6, 7],
    ],
  ]);
  expect(await tf.gather(x, indices, -2).array()).toEqual(await tf.gather(x, indices, 1).array());
  const perBatch = tf.tensor2d(
    [
      [2, 2],
      [0, 1],
    ],
    [2, 2],
    'int32',
  );
  expect(await tf.gather(x, perBatch, 1, 1).array()).toEqual([
    [
      [4, 5],
      [4, 5],
    ],
    [
      [6, 7],
      [8, 9],
    ],
  ]);
  expect(await tf.gather(tf.tensor1d([true, false, true], 'bool'), indices).array()).toEqual([1, 1]);
  expect(tf.gather(tf.zeros([3, 0]), indices).shape).toEqual([2, 0]);
  expect(tf.gather(tf.ones([3, 2]), tf.tensor1d([], 'int32')).shape).toEqual([0, 2]);
});

test.each(runtimes)('$precision $backend names an index that is out of range', async (options) => {
  const { tf } = await openRuntime(options);
  const before = tf.memory().numTensors;
  expect(() => tf.tidy(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, 3], 'int32')))).toThrow(
    'gather: index 3 at position 1 is not in 0..2',
  );
  expect(() => tf.tidy(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([-1], 'int32')))).toThrow(RangeError);
  expect(tf.memory().numTensors).toBe(before);
});

test.each(runtimes)(
  '$precision $backend sums segments in any order, without negative ones',
  async (options) => {
    const { tf } = await openRuntime(options);
    const x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
    const sums = tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1], 'int32'), 4);
    expect(await sums.array()).toEqual([
      [3, 4],
      [0, 0],
      [6, 8],
      [0, 0],
    ]);
    const whole = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([0, -5, 0], 'int32'), 2);
    expect([whole.dtype, await whole.array()]).toEqual(['int32', [4, 0]]);
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 4, 0], 'int32'), 4))).toThrow(
      'segment sum: segment 4 at position 2 is not below 4',
    );
    expect(tf.memory().numTensors).toBe(before);
  },
);
