/** Means of rows by segment: what a node receives from its edges on average, what a cloud has at its points. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { checkReal, checkSegments } from '../segments.ts';
import { segmentMeanReference } from './reference.ts';
import { segmentMeanOnWasm } from './simd.ts';
import { segmentMeanOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherSegmentMean',
  reference: segmentMeanReference,
  gradient: (tf, dy, [, segments], _results, attributes) => [
    () => runKernel(tf, 'NoetherSegmentMeanGradient', [dy, segments!], attributes),
    () => tf.zerosLike(segments!),
  ],
  kernels: [segmentMeanOnWasm, segmentMeanOnWebgpu],
};

/**
 * y[s, ...] = mean of x[i, ...] over all i with segments[i] = s; zero for a segment without rows. A row whose segment is
 * negative is left out.
 *
 * @param x `[m, ...rest]`
 * @param segments `[m]` int32, each below `count`, in any order; rows of one segment that are neighbours are taken together
 * @param count number of segments
 * @returns `[count, ...rest]`
 * @throws RangeError for a wrong rank, length or dtype, and on the host backends for a segment not below `count`
 */
export function segmentMean(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  checkSegments('segmentMean', x, segments, count);
  checkReal('segmentMean', x);
  return runFused(runtime, operation, [x, segments], { count });
}

/** An addition a number and a product a mean; rows and segment numbers are read, means written. */
export function segmentMeanCost(m: number, width: number, count: number, precision: Precision): Cost {
  return {
    flops: (m + count) * width,
    bytes: (m + count) * width * bytesOf[precision] + m * bytesOf.int32,
  };
}
