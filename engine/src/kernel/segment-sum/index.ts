/** Sums of rows by segment: what a node receives from all of its edges. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { checkSegments } from '../segments.ts';

/**
 * y[s, ...] = sum of x[i, ...] over all i with segments[i] = s; zero for a segment without rows. Its gradient gathers.
 * A row whose segment is negative is left out: padding is marked by -1.
 *
 * @param x `[m, ...rest]`, float or int32
 * @param segments `[m]` int32, each below `count`, in any order; rows of one segment that are neighbours are taken together
 * @param count number of segments
 * @returns `[count, ...rest]`
 * @throws RangeError for a wrong rank, length or dtype, and on the host backends for a segment not below `count`
 */
export function segmentSum(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  checkSegments('segmentSum', x, segments, count);
  return runtime.tf.unsortedSegmentSum(x, segments as never, count);
}

/** m * width additions; m rows are read and added into sums that are read and written, m segment numbers are read. */
export function segmentSumCost(m: number, width: number, precision: Precision): Cost {
  return { flops: m * width, bytes: 3 * m * width * bytesOf[precision] + m * bytesOf.int32 };
}
