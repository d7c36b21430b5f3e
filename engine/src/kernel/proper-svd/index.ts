/** Singular values of 3 x 3 matrices with rotations on both sides. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { properSvdReference, sweeps } from './reference.ts';
import { properSvdOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherProperSvd',
  reference: properSvdReference,
  keeps: [true],
  gradient: (tf, dy, _inputs, [y]) => [() => runKernel(tf, 'NoetherProperSvdGradient', [y!, dy])],
  kernels: [properSvdOnWebgpu],
};

/**
 * F = U diag(s) V^T with det U = det V = 1 and s_1 >= s_2 >= |s_3|; s_3 has the sign of det F. Columns 1 and 2 of U and V may change sign
 * together.
 * @param matrices `[B, 3, 3]`, of rank two or three
 * @returns u `[B, 3, 3]`, s `[B, 3]`, v `[B, 3, 3]`
 * @throws RangeError for another shape
 */
export function properSvd(
  runtime: Runtime,
  matrices: Tensor,
): { readonly u: Tensor; readonly s: Tensor; readonly v: Tensor } {
  if (matrices.rank !== 3 || matrices.shape[1] !== 3 || matrices.shape[2] !== 3) {
    throw new RangeError(`properSvd takes matrices [B, 3, 3], not [${matrices.shape}]`);
  }
  const { tf } = runtime;
  const packed = runFused(runtime, operation, [matrices], {});
  const [u, s, v] = tf.split(packed, [3, 1, 3], 2) as [Tensor, Tensor, Tensor];
  return { u, s: tf.squeeze(s, [2]), v };
}

/** 52 operations a rotation of two columns of six, three rotations a sweep; 9 numbers are read and 21 written. */
export function properSvdCost(count: number, precision: Precision): Cost {
  return { flops: count * (52 * 3 * sweeps + 60), bytes: count * 30 * bytesOf[precision] };
}
