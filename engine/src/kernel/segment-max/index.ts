/** The largest of the rows of each segment, entry by entry: max aggregation of messages. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { checkReal, checkSegments } from '../segments.ts';
import { segmentMaxReference } from './reference.ts';
import { segmentMaxOnWasm } from './simd.ts';
import { segmentMaxOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherSegmentMax',
  reference: segmentMaxReference,
  keeps: [true],
  gradient: (tf, dy, [x, segments], [y], attributes) => [
    () => runKernel(tf, 'NoetherSegmentMaxGradient', [x!, y!, dy, segments!], attributes),
    () => tf.zerosLike(segments!),
  ],
  kernels: [segmentMaxOnWasm, segmentMaxOnWebgpu],
};

/**
 * y[s, ...] = max of x[i, ...] over all i with segments[i] = s, entry by entry; zero for a segment without rows, NaN where a row is NaN.
 * A row whose segment is negative is left out. Rows that reach the maximum share its gradient in equal parts.
 *
 * @param x `[m, ...rest]`
 * @param segments `[m]` int32, each below `count`, in any order; rows of one segment that are neighbours are taken together
 * @param count number of segments
 * @returns `[count, ...rest]`
 * @throws RangeError for a wrong rank, length or dtype, and on the host backends for a segment not below `count`
 */
export function segmentMax(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  checkSegments('segmentMax', x, segments, count);
  checkReal('segmentMax', x);
  return runFused(runtime, operation, [x, segments], { count });
}

/** A comparison a number; rows and segment numbers are read, maxima written. */
export function segmentMaxCost(m: number, width: number, count: number, precision: Precision): Cost {
  return { flops: m * width, bytes: (m + count) * width * bytesOf[precision] + m * bytesOf.int32 };
}
