/** The basis that all kernels are linear in: an MLP of the invariants. */
import { gelu } from '../../layer/gelu.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Weights } from './block.ts';
import { polynomialFeatures } from './polynomial.ts';

/**
 * Tensor powers, Linear, GELU, Linear, GELU (section 2.3 of the method).
 * @param invariants arrays of one shape
 * @param prefix name of the basis net: `spatial_basis_fn`
 * @returns [..., D]
 */
export function kernelBasis(
  runtime: Runtime,
  invariants: readonly Tensor[],
  degree: number,
  weights: Weights,
  prefix: string,
): Tensor {
  const features = polynomialFeatures(runtime, invariants, degree);
  const layer = (x: Tensor, index: number): Tensor =>
    gelu(
      runtime,
      linear(runtime, x, weights[`${prefix}.${index}.weight`]!, weights[`${prefix}.${index}.bias`]!),
    );
  const rows = layer(layer(features, 1), 3);
  return runtime.tf.reshape(rows, [...invariants[0]!.shape, rows.shape[1]!]);
}
