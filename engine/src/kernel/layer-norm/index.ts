/** Layer normalisation in one pass over the memory. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type LayerNormAttributes, layerNormReference } from './reference.ts';
import { normaliseOnWasm } from './simd.ts';

type Attributes = LayerNormAttributes & { readonly centred: true };

const operation: FusedOperation<Attributes> = {
  name: 'NoetherLayerNorm',
  reference: layerNormReference,
  keeps: [false, true],
  gradient(tf, dy, inputs, [statistics], attributes) {
    const given = [inputs[0]!, dy, statistics!, ...(attributes.hasWeight ? [inputs[1]!] : [])];
    const gradients = runKernel<Tensor[]>(tf, 'NoetherNormaliseGradient', given, attributes);
    return gradients.map((gradient) => () => gradient);
  },
  kernels: [normaliseOnWasm],
};

/**
 * (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis, with the biased variance (Ba et al. 2016).
 * @param x `[..., C]`
 * @param options weight `[C]` and bias `[C]`, each may be absent; epsilon is 1e-5 by default
 * @returns `[..., C]`
 * @throws RangeError for shapes that do not go together
 */
export function layerNorm(
  runtime: Runtime,
  x: Tensor,
  {
    weight,
    bias,
    epsilon = 1e-5,
  }: { readonly weight?: Tensor; readonly bias?: Tensor; readonly epsilon?: number } = {},
): Tensor {
  const size = x.shape.at(-1);
  for (const [name, row] of Object.entries({ weight, bias })) {
    if (row && (row.rank !== 1 || row.shape[0] !== size)) {
      throw new RangeError(`layerNorm takes a ${name} [${size}] for x [${x.shape}], not [${row.shape}]`);
    }
  }
  const [hasWeight, hasBias] = [weight !== undefined, bias !== undefined];
  const inputs = [x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
  return runFused(runtime, operation, inputs, { hasWeight, hasBias, epsilon, centred: true });
}

/** Mean, variance, and for each entry a difference, two products and a sum. */
export function layerNormCost(rows: number, columns: number, precision: Precision): Cost {
  return { flops: 8 * rows * columns, bytes: (2 * rows * columns + 2 * columns) * bytesOf[precision] };
}
