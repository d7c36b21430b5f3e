/** Linear layers with GELU between them, as the official code names them. */

import { gelu } from '../../layer/gelu.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';

/** Weights on the device, by official name. */
export type Weights = DeviceWeights;

/** y = x W^T + b with `${prefix}.weight` and, where there is one, `${prefix}.bias`. */
export function affine(runtime: Runtime, x: Tensor, weights: Weights, prefix: string): Tensor {
  return linear(runtime, x, weights[`${prefix}.weight`]!, weights[`${prefix}.bias`]);
}

/**
 * Linear layers at `${prefix}.mlp.0`, `.2`, `.4` and so on, GELU between.
 * @param x [..., in]
 */
export function mlp(runtime: Runtime, x: Tensor, weights: Weights, prefix: string): Tensor {
  let y = affine(runtime, x, weights, `${prefix}.mlp.0`);
  for (let layer = 2; weights[`${prefix}.mlp.${layer}.weight`]; layer += 2) {
    y = affine(runtime, gelu(runtime, y), weights, `${prefix}.mlp.${layer}`);
  }
  return y;
}
