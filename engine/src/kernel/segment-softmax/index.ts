/** Softmax over the rows of each segment: attention weights of a node's edges. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { segmentMaxOnWasm } from '../segment-max/simd.ts';
import { segmentMaxOnWebgpu } from '../segment-max/wgsl.ts';
import { checkReal, checkSegments } from '../segments.ts';
import { segmentSoftmaxReference } from './reference.ts';
import { segmentSoftmaxOnWasm } from './simd.ts';
import { segmentSoftmaxOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherSegmentSoftmax',
  reference: segmentSoftmaxReference,
  keeps: [true],
  gradient: (tf, dy, [, segments], [y], attributes) => [
    () => runKernel(tf, 'NoetherSegmentSoftmaxGradient', [y!, dy, segments!], attributes),
    () => tf.zerosLike(segments!),
  ],
  // Those of the maximum are what the reference takes off.
  kernels: [segmentSoftmaxOnWasm, segmentSoftmaxOnWebgpu, segmentMaxOnWasm, segmentMaxOnWebgpu],
};

/**
 * y[i, ...] = exp(x[i, ...]) over its sum over all rows of the same segment, entry by entry; zero for a row whose segment is negative.
 *
 * @param x `[m, ...rest]`, logits
 * @param segments `[m]` int32, each below `count`, in any order
 * @param count number of segments
 * @returns `[m, ...rest]`
 * @throws RangeError for a wrong rank, length or dtype, and on the host backends for a segment not below `count`
 */
export function segmentSoftmax(runtime: Runtime, x: Tensor, segments: Tensor, count: number): Tensor {
  checkSegments('segmentSoftmax', x, segments, count);
  checkReal('segmentSoftmax', x);
  return runFused(runtime, operation, [x, segments], { count });
}

/** As a softmax, five operations a number; rows and segment numbers are read, weights written. */
export function segmentSoftmaxCost(m: number, width: number, precision: Precision): Cost {
  return { flops: 5 * m * width, bytes: 2 * m * width * bytesOf[precision] + m * bytesOf.int32 };
}
