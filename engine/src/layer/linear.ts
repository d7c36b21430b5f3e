/** Affine maps and normalisation over the last axis, with PyTorch's weight layout. */

import { layerNorm as normalised } from '../kernel/layer-norm/index.ts';
import { affine } from '../kernel/linear/index.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/**
 * y = x W^T + b over the last axis.
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(runtime: Runtime, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const { tf } = runtime;
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]);
  const y = bias ? affine(runtime, rows, weight, bias) : tf.matMul(rows, weight, false, true);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

/**
 * Layer normalisation over the last axis with the biased variance and epsilon 1e-5 (Ba et al. 2016).
 * @param x [..., channels]
 * @param weight [channels]; without it nothing is scaled
 * @param bias [channels]; without it nothing is shifted
 */
export function layerNorm(runtime: Runtime, x: Tensor, weight?: Tensor, bias?: Tensor): Tensor {
  return normalised(runtime, x, { weight, bias });
}
