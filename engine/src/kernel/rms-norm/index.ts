/** Normalisation by the root mean square in one pass over the memory. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { normaliseOnWasm } from '../layer-norm/simd.ts';
import { type RmsNormAttributes, rmsNormReference } from './reference.ts';

type Attributes = RmsNormAttributes & { readonly hasBias: false; readonly centred: false };

const operation: FusedOperation<Attributes> = {
  name: 'NoetherRmsNorm',
  reference: rmsNormReference,
  keeps: [false, true],
  gradient(tf, dy, [x, ...weight], [statistics], attributes) {
    const given = [x!, dy, statistics!, ...weight];
    const gradients = runKernel<Tensor[]>(tf, 'NoetherNormaliseGradient', given, attributes);
    return gradients.map((gradient) => () => gradient);
  },
  kernels: [normaliseOnWasm],
};

/**
 * x / sqrt(mean x^2 + epsilon) * weight over the last axis (Zhang & Sennrich 2019).
 * @param x `[..., C]`
 * @param options weight `[C]` may be absent; epsilon is 1e-6 by default
 * @returns `[..., C]`
 * @throws RangeError for shapes that do not go together
 */
export function rmsNorm(
  runtime: Runtime,
  x: Tensor,
  { weight, epsilon = 1e-6 }: { readonly weight?: Tensor; readonly epsilon?: number } = {},
): Tensor {
  if (weight && (weight.rank !== 1 || weight.shape[0] !== x.shape.at(-1))) {
    throw new RangeError(
      `rmsNorm takes a weight [${x.shape.at(-1)}] for x [${x.shape}], not [${weight.shape}]`,
    );
  }
  const attributes = { hasWeight: weight !== undefined, hasBias: false, epsilon, centred: false } as const;
  return runFused(runtime, operation, weight ? [x, weight] : [x], attributes);
}

/** Mean square, and for each entry two products. */
export function rmsNormCost(rows: number, columns: number, precision: Precision): Cost {
  return { flops: 4 * rows * columns, bytes: (2 * rows * columns + columns) * bytesOf[precision] };
}
