import { expect, test } from 'vitest';
import { openRuntime, type Tensor } from '../../tensor/index.ts';
import { simdBuilds, wasmRuntime } from '../../tensor/simd/testing.ts';
import { pairwiseDistances } from './index.ts';

test.each(['float64', ...simdBuilds] as const)(
  '%s: by hand, at distance 0, and near each other far away',
  async (name) => {
    const runtime = await (name === 'float64' ? openRuntime({ precision: 'float64' }) : wasmRuntime(name));
    const { tf } = runtime;
    const x = tf.tensor2d([
      [0, 0],
      [3, 4],
    ]);
    const y = tf.tensor2d([
      [0, 0],
      [3, 4],
      [6, 8],
      [0, 1],
      [-3, -4],
    ]);
    expect(await pairwiseDistances(runtime, x, y).array()).toEqual([
      [0, 5, 10, 1, 5],
      [5, 0, 5, Math.fround(Math.sqrt(18)), 10].map((r) => expect.closeTo(r, 6)),
    ]);
    const [dx, dy] = tf.grads((a: Tensor, b: Tensor) => tf.sum(pairwiseDistances(runtime, a, b)))([
      tf.tensor2d([[1, 2]]),
      tf.tensor2d([
        [1, 2],
        [4, 6],
      ]),
    ]);
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
    expect(await dx!.array()).toEqual([close([-0.6, -0.8])]);
    expect(await dy!.array()).toEqual([close([0, 0]), close([0.6, 0.8])]);
    // Squares of norms less a product would give 0 in single precision.
    const far = pairwiseDistances(runtime, tf.tensor2d([[10_000, 0, 0]]), tf.tensor2d([[10_000, 0.25, 0]]));
    expect(await far.array()).toEqual([[0.25]]);
    expect(pairwiseDistances(runtime, tf.zeros([0, 3]), tf.zeros([4, 3])).shape).toEqual([0, 4]);
    expect(await pairwiseDistances(runtime, tf.tensor2d([[Number.NaN, 0]]), x).array()).toEqual([
      [Number.NaN, Number.NaN],
    ]);
  },
);
