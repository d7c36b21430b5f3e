/** Products of two representations by sparse coefficients, such as Clebsch-Gordan's. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type Coupling, tensorProductReference } from './reference.ts';
import { tensorProductOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<Coupling> = {
  name: 'NoetherTensorProduct',
  reference: tensorProductReference,
  gradient: (tf, dz, [x, y], _results, coupling) => [
    () => runKernel(tf, 'NoetherTensorProductLeftGradient', [dz, y!], { ...coupling, width: x!.shape[2]! }),
    () => runKernel(tf, 'NoetherTensorProductRightGradient', [dz, x!], { ...coupling, width: y!.shape[1]! }),
  ],
  kernels: [tensorProductOnWebgpu],
};

/**
 * z[n, u, k] = sum over i, j of C[i, j, k] x[n, u, i] y[n, j].
 * @param x `[n, U, I]`
 * @param y `[n, J]`
 * @param coupling the coefficients that are not zero
 * @returns `[n, U, size]`
 * @throws RangeError for shapes that do not go together
 */
export function tensorProduct(runtime: Runtime, x: Tensor, y: Tensor, coupling: Coupling): Tensor {
  if (x.rank !== 3 || y.rank !== 2 || x.shape[0] !== y.shape[0]) {
    throw new RangeError(`tensorProduct takes x [n, U, I] and y [n, J], not [${x.shape}] and [${y.shape}]`);
  }
  return runFused(runtime, operation, [x, y], coupling);
}

/** Three operations a coefficient, row and channel; both operands are read and the product written. */
export function tensorProductCost(
  { rows, channels, left, right }: Readonly<Record<'rows' | 'channels' | 'left' | 'right', number>>,
  { value, size }: Coupling,
  precision: Precision,
): Cost {
  return {
    flops: 3 * rows * channels * value.length,
    bytes: rows * (channels * (left + size) + right) * bytesOf[precision],
  };
}
