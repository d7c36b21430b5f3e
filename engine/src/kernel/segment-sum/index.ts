/** Sums of rows by segment: what a node receives from all of its edges. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';

/**
 * y[s, ...] = sum of x[i, ...] over all i with segments[i] = s; zero for a segment without rows. Its gradient gathers.
 * A row whose segment is negative is left out: padding is marked by -1.
 *
 * @param x `[m, ...rest]`, float or int32
 * @param segments `[m]` int32, each below `count`, in any order
 * @param count number of segments
 * @returns `[count, ...rest]`
 * @throws RangeError for a wrong rank, length or dtype, and on the host backends for a segment not below `count`
 */
export function segmentSum(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  check(x, segments, count);
  return runtime.tf.unsortedSegmentSum(x, segments as never, count);
}

/** m * width additions; m rows are read and added into sums that are read and written, m segment numbers are read. */
export function segmentSumCost(m: number, width: number, precision: Precision): Cost {
  return { flops: m * width, bytes: 3 * m * width * bytesOf[precision] + m * bytesOf.int32 };
}

/**
 * The mean of the rows of each segment, `[count, ...rest]`; zero for a segment without rows. Parameters as in
 * {@link segmentSum}.
 */
export function segmentMean(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  const { tf } = runtime;
  return tf.tidy(() => {
    const sums = segmentSum(runtime, x, segments, count);
    const sizes = segmentSum(runtime, tf.ones([x.shape[0]!]), segments, count);
    const divisor = tf.reshape(tf.maximum(sizes, 1), [count, ...x.shape.slice(1).map(() => 1)]);
    return tf.div(sums, divisor);
  });
}

function check(x: Tensor, segments: Tensor, count: number): void {
  if (segments.rank !== 1 || segments.dtype !== 'int32' || segments.shape[0] !== x.shape[0]) {
    throw new RangeError(
      `segmentSum takes segments [m] int32 for x [m, ...], not [${segments.shape}] ${segments.dtype} for [${x.shape}]`,
    );
  }
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`segmentSum takes count >= 1, not ${count}`);
}
