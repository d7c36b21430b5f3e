/** Distances of all pairs of points, for what is small enough for all of them; radiusGraph finds those that are near. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { pairwiseDistancesReference } from './reference.ts';
import { pairwiseDistancesOnWasm } from './simd.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherPairwiseDistances',
  reference: pairwiseDistancesReference,
  keeps: [true],
  gradient: (tf, dr, [x, y], [r]) => {
    const both = runKernel<Tensor[]>(tf, 'NoetherPairwiseDistancesGradient', [x!, y!, r!, dr]);
    return both.map((gradient) => () => gradient);
  },
  kernels: [pairwiseDistancesOnWasm],
};

/**
 * r[i, j] = |x[i] - y[j]|, in the unit of the points. Pairs at distance 0 give no gradient.
 * @param x `[n, d]`
 * @param y `[m, d]`
 * @returns `[n, m]`
 * @throws RangeError for shapes that do not go together
 */
export function pairwiseDistances(runtime: Runtime, x: Tensor, y: Tensor): Tensor {
  if (x.rank !== 2 || y.rank !== 2 || x.shape[1] !== y.shape[1]) {
    throw new RangeError(`pairwiseDistances takes x [n, d] and y [m, d], not [${x.shape}] and [${y.shape}]`);
  }
  return runFused(runtime, operation, [x, y], {});
}

/** A difference, a product and a sum for each pair and axis, and a root; points are read, distances written. */
export function pairwiseDistancesCost(n: number, m: number, d: number, precision: Precision): Cost {
  return { flops: n * m * (3 * d + 1), bytes: (n * d + m * d + n * m) * bytesOf[precision] };
}
