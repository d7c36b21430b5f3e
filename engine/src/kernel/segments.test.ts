/** Mean, maximum and softmax by segment: what they are by hand, at their edges, on every backend of the host. */
import { describe, expect, test } from 'vitest';
import { openRuntime, type Runtime, type Tensor } from '../tensor/index.ts';
import { simdBuilds, wasmRuntime } from '../tensor/simd/testing.ts';
import {
  segmentMax,
  segmentMaxCost,
  segmentMean,
  segmentMeanCost,
  segmentSoftmax,
  segmentSoftmaxCost,
  segmentSum,
} from './index.ts';

const opened: Record<string, () => Promise<Runtime>> = {
  float64: () => openRuntime({ precision: 'float64' }),
  cpu: () => openRuntime({ precision: 'float32', backend: 'cpu' }),
  ...Object.fromEntries(simdBuilds.map((build) => [build, () => wasmRuntime(build)])),
};

describe.each(Object.keys(opened))('%s', (name) => {
  const run = async <T>(
    work: (runtime: Runtime, ids: (...values: number[]) => Tensor) => T,
  ): Promise<Awaited<T>> => {
    const runtime = await opened[name]!();
    return await work(runtime, (...values) => runtime.tf.tensor1d(values, 'int32'));
  };
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];

  test('means of rows in any order; zero without rows', () =>
    run(async (runtime, ids) => {
      const rows = runtime.tf.tensor([1, 2, 3, 4, 5, 6], [3, 2]);
      expect(await segmentMean(runtime, rows, ids(2, 0, 2), 4).array()).toEqual([
        [3, 4],
        [0, 0],
        [3, 4],
        [0, 0],
      ]);
    }));

  test.each([[[1, 0, 1, -1, 3]], [[0, 1, 1, -1, 3]]])(
    'maxima of segments %j; zero without rows, also of negative rows',
    (at) =>
      run(async (runtime, ids) => {
        const x = runtime.tf.tensor([-3, -2, -5, 9, -1], [5, 1]);
        const most = await segmentMax(runtime, x, ids(...at), 4).array();
        expect(most).toEqual(at[0] === 1 ? [[-2], [-3], [0], [-1]] : [[-3], [-2], [0], [-1]]);
      }),
  );

  test('a maximum is NaN where a row is, in that column alone, wherever it stands', () =>
    run(async (runtime, ids) => {
      const x = runtime.tf.tensor([nan, 1, 2, 2, nan, 3, 5, inf, -inf], [9]);
      expect(await segmentMax(runtime, x, ids(0, 0, 1, 1, 1, 2, 2, 3, 4), 5).array()).toEqual([
        nan,
        nan,
        5,
        inf,
        -inf,
      ]);
      const two = runtime.tf.tensor([nan, 1, 0, 2], [2, 2]);
      expect(await segmentMax(runtime, two, ids(0, 0), 1).array()).toEqual([[nan, 2]]);
    }));

  test('rows that reach a maximum share its gradient; left out rows get none', () =>
    run(async (runtime, ids) => {
      const { tf } = runtime;
      const x = tf.tensor([2, 7, 7, 1, 7, inf, inf, 9], [8]);
      const loss = (t: Tensor): Tensor =>
        tf.sum(tf.mul(segmentMax(runtime, t, ids(0, 1, 1, 1, 1, 2, 2, -1), 4), [10, 6, 4, 1]));
      expect(await tf.grad(loss)(x).array()).toEqual([10, 2, 2, 0, 2, 2, 2, 0]);
    }));

  test('where no row reaches a NaN, none has a gradient', () =>
    run(async (runtime, ids) => {
      const { tf } = runtime;
      const gradient = tf.grad((t: Tensor) => tf.sum(segmentMax(runtime, t, ids(0, 0, 1), 2)));
      expect(await gradient(tf.tensor1d([nan, 1, 2])).array()).toEqual([0, 0, 1]);
    }));

  test.each([[[2, 0, 2, -1, 0]], [[0, 0, 2, 2, -1]]])(
    'softmax over segments %j sums to one in each, whatever is large',
    (at) =>
      run(async (runtime, ids) => {
        const { tf } = runtime;
        const x = tf.tensor([1000, -1000, 999, 3000, -1000], [5]);
        const y = segmentSoftmax(runtime, x, ids(...at), 3);
        const sums = (await segmentSum(runtime, y, ids(...at), 3).array()) as number[];
        for (const [s, sum] of [1, 0, 1].entries()) expect(sums[s]).toBeCloseTo(sum, 6);
        expect(((await y.array()) as number[])[at.indexOf(-1)]).toBe(0);
      }),
  );

  test('a softmax of what is masked is zero there, and NaN stays in its segment and column', () =>
    run(async (runtime, ids) => {
      const { tf } = runtime;
      const masked = segmentSoftmax(runtime, tf.tensor1d([1, -inf, 1, 4]), ids(0, 0, 0, 1), 2);
      expect(await masked.array()).toEqual([0.5, 0, 0.5, 1]);
      const x = tf.tensor([nan, 1, 0, 1, 5, 5], [3, 2]);
      const y = (await segmentSoftmax(runtime, x, ids(0, 0, 1), 2).array()) as number[][];
      expect(y).toEqual([
        [nan, 0.5],
        [nan, 0.5],
        [1, 1],
      ]);
      const none = segmentSoftmax(runtime, tf.tensor1d([-inf, -inf, 2]), ids(0, 0, 1), 2);
      expect(await none.array()).toEqual([nan, nan, 1]);
    }));

  test.each([
    ['segment sum', segmentSum],
    ['segment mean', segmentMean],
    ['segment max', segmentMax],
    ['segment softmax', segmentSoftmax],
  ] as const)('%s: a segment that does not exist is named, and nothing is left behind', (operation, call) =>
    run((runtime, ids) => {
      const { tf } = runtime;
      // What is made on the first call is made once.
      tf.dispose(call(runtime, tf.ones([1]), ids(0), 1));
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const attempt = (...at: number[]) => call(runtime, tf.ones([at.length]), ids(...at), 3);
        // In plain operations it is the sum or the maximum that finds it.
        expect(() => attempt(0, 1, 3, 1)).toThrow(/^segment \w+: segment 3 at position 2 is not below 3$/);
        expect(() => attempt(2, 0, 9)).toThrow(
          name.includes('SIMD')
            ? `${operation}: segment 9 at position 2 is not below 3`
            : 'segment 9 at position 2 is not below 3',
        );
      });
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
    }),
  );

  test('no rows, and rows of no columns', () =>
    run(async (runtime, ids) => {
      const { tf } = runtime;
      for (const call of [segmentMean, segmentMax]) {
        expect(await call(runtime, tf.zeros([0, 2]), ids(), 2).array()).toEqual([
          [0, 0],
          [0, 0],
        ]);
      }
      expect(segmentSoftmax(runtime, tf.zeros([0, 2]), ids(), 2).shape).toEqual([0, 2]);
      expect(segmentMax(runtime, tf.zeros([3, 0]), ids(0, 0, 1), 2).shape).toEqual([2, 0]);
    }));
});

test('wrong lengths, dtypes and counts are refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  const { tf } = runtime;
  const ids = tf.tensor1d([0, 1], 'int32');
  for (const [name, call] of Object.entries({ segmentMean, segmentMax, segmentSoftmax })) {
    expect(() => call(runtime, tf.ones([3, 2]), ids, 2)).toThrow(
      `${name} takes segments [m] int32 for x [m, ...], not [2] int32 for [3,2]`,
    );
    expect(() => call(runtime, tf.ones([2]), tf.ones([2]), 2)).toThrow('not [2] float32');
    expect(() => call(runtime, tf.ones([2]), ids, 0)).toThrow(`${name} takes count >= 1, not 0`);
    expect(() => call(runtime, ids, ids, 2)).toThrow(`${name} takes real numbers, not int32`);
  }
});

test('costs', () => {
  expect(segmentMeanCost(100, 64, 10, 'float64')).toEqual({ flops: 110 * 64, bytes: 110 * 64 * 8 + 400 });
  expect(segmentMaxCost(100, 64, 10, 'float32')).toEqual({ flops: 6400, bytes: 110 * 64 * 4 + 400 });
  expect(segmentSoftmaxCost(100, 8, 'float32')).toEqual({ flops: 4000, bytes: 2 * 3200 + 400 });
});
