/** Softmax in one pass over the memory. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { softmaxReference } from './reference.ts';
import { softmaxOnWasm } from './simd.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherSoftmax',
  reference: softmaxReference,
  keeps: [true],
  gradient: (tf, dy, _inputs, [y]) => [() => runKernel(tf, 'NoetherSoftmaxGradient', [y!, dy])],
  kernels: [softmaxOnWasm],
};

/**
 * exp(x) / sum exp(x) over the last axis.
 * @param x `[..., C]`
 * @returns `[..., C]`
 * @throws RangeError for a scalar
 */
export function softmax(runtime: Runtime, x: Tensor): Tensor {
  if (x.rank < 1) throw new RangeError('softmax takes x of rank 1 or more, not a scalar');
  return runFused(runtime, operation, [x], {});
}

/** For each entry: a comparison, a difference, an exponential (counted as one), a sum and a quotient. */
export function softmaxCost(rows: number, columns: number, precision: Precision): Cost {
  return { flops: 5 * rows * columns, bytes: 2 * rows * columns * bytesOf[precision] };
}
