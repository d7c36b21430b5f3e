/** Lists of rows by segment, and sums over them. */
import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed, real } from '../index.ts';
import { release } from './program.ts';
import { segmentRows } from './segments.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });
const twin = await openRuntime({ precision: 'float64' });
const { tf } = gpu;
const random = randomFromSeed(3);
const numbers = (rows: number, low: number, high: number) =>
  Int32Array.from({ length: rows }, () => low + random.integer(high - low));

test.each([
  ['in any order, with rows in no segment', numbers(700, -2, 40), 38],
  ['sorted, with empty segments', numbers(500, 0, 300).sort(), 300],
  ['more segments than threads of the scan', numbers(3000, 0, 1000), 1000],
  ['all in one', new Int32Array(1000), 1],
  ['none inside', new Int32Array(10).fill(-1), 3],
])('rows of segments %s', async (_case, segments, count) => {
  const { offsets, order } = segmentRows(tf.backend(), tf.tensor1d(segments, 'int32'), count);
  const read = async (info: typeof offsets) =>
    (await gpu.array(tf.engine().makeTensorFromTensorInfo(info))).data;
  const [starts, rows] = [await read(offsets), await read(order)];
  const expected = Array.from({ length: count }, (_, s) =>
    [...segments.keys()].filter((row) => segments[row] === s),
  );
  const found = expected.map((_, s) => [...rows.slice(starts[s], starts[s + 1])]);
  expect(found).toEqual(expected);
});

test.each([
  [500, [3, 2], 40, -1],
  [1000, [64], 90, -1],
  [5000, [1], 2, 0],
  [5, [130], 3, 0],
  [40, [4], 60, -9],
] as const)(
  'the sum of %i rows of %j is right, and the same bits every time',
  async (m, rest, count, low) => {
    const shape: number[] = [m, ...rest];
    const x = real(
      shape,
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(random.normal())),
    );
    const segments = integer([m], numbers(m, low, count));
    const sum = async ({ tf, tensor, array }: typeof gpu) =>
      (await array(tf.unsortedSegmentSum(tensor(x), tensor(segments) as never, count))).data;
    const [found, again, expected] = [await sum(gpu), await sum(gpu), await sum(twin)];
    const scale = Math.max(...expected.map(Math.abs));
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(5e-6 * scale);
    });
    expect(again).toEqual(found);
  },
);

test('segments past the last are left out, and integers are summed', async () => {
  const sums = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4]), tf.tensor1d([0, 2, 1], 'int32'), 2);
  expect([...(await sums.data())]).toEqual([1, 4]);
  const ints = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4], 'int32'), tf.tensor1d([1, 1, 0], 'int32'), 2);
  expect([...(await ints.data())]).toEqual([4, 3]);
});

test('nothing is left behind', async () => {
  const segments = tf.tensor1d([0, 1, 0], 'int32');
  const run = async () => {
    const { offsets, order } = segmentRows(tf.backend(), segments, 2);
    release(tf.backend(), [offsets, order]);
    const sum = tf.unsortedSegmentSum(tf.ones([3, 4]), segments, 2);
    await sum.data();
    sum.dispose();
  };
  tf.engine().startScope();
  await run();
  const before = tf.backend().numDataIds();
  for (let i = 0; i < 3; i++) await run();
  // The ones of each run are what stays until the scope ends.
  expect(tf.backend().numDataIds()).toBe(before + 3);
  tf.engine().endScope();
});
