/** Products of two representations by sparse coefficients, such as Clebsch-Gordan's. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type Coupling, tensorProductReference } from './reference.ts';
import { tensorProductOnWasm } from './simd.ts';
import { tensorProductOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<Coupling> = {
  name: 'NoetherTensorProduct',
  reference: tensorProductReference,
  gradient: (tf, dz, [x, y], _results, coupling) => [
    () => runKernel(tf, 'NoetherTensorProductLeftGradient', [dz, y!], { ...coupling, width: x!.shape[2]! }),
    () => runKernel(tf, 'NoetherTensorProductRightGradient', [dz, x!], { ...coupling, width: y!.shape[1]! }),
  ],
  kernels: [tensorProductOnWasm, tensorProductOnWebgpu],
};

/**
 * z[n, u, k] = sum over i, j of C[i, j, k] x[n, u, i] y[n, j].
 * @param x `[n, U, I]`
 * @param y `[n, J]`
 * @param coupling the coefficients that are not zero
 * @returns `[n, U, size]`
 * @throws RangeError for shapes that do not go together, and for a coefficient of a component that does not exist
 */
export function tensorProduct(runtime: Runtime, x: Tensor, y: Tensor, coupling: Coupling): Tensor {
  if (x.rank !== 3 || y.rank !== 2 || x.shape[0] !== y.shape[0]) {
    throw new RangeError(`tensorProduct takes x [n, U, I] and y [n, J], not [${x.shape}] and [${y.shape}]`);
  }
  checkCoupling(coupling, x.shape[2]!, y.shape[1]!);
  return runFused(runtime, operation, [x, y], coupling);
}

/** Kernels read and write where the indices say. */
function checkCoupling({ i, j, k, value, size }: Coupling, left: number, right: number): void {
  if (!Number.isInteger(size) || size < 0 || [i, j, k].some(({ length }) => length !== value.length)) {
    throw new RangeError(
      `tensorProduct takes as many i, j and k as values and a size from 0, not ${i.length}, ${j.length}, ${k.length}, ${value.length} and ${size}`,
    );
  }
  const inside = (index: number, count: number): boolean =>
    Number.isInteger(index) && index >= 0 && index < count;
  for (let p = 0; p < value.length; p++) {
    if (inside(i[p]!, left) && inside(j[p]!, right) && inside(k[p]!, size)) continue;
    throw new RangeError(
      `tensorProduct: coefficient ${p} couples components ${i[p]} and ${j[p]} into ${k[p]}, but there are ${left}, ${right} and ${size}`,
    );
  }
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
