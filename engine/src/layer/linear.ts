/** Affine maps and normalisation over the last axis, with PyTorch's weight layout. */
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/**
 * y = x W^T + b over the last axis.
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear({ tf }: Runtime, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]);
  // Transposing the small matrix first is far cheaper than the backends' product with a transposed operand.
  const product = tf.matMul(rows, tf.transpose(weight));
  const shifted = bias ? tf.add(product, bias) : product;
  return tf.reshape(shifted, [...x.shape.slice(0, -1), outputs]);
}

/**
 * Layer normalisation over the last axis with the biased variance and epsilon 1e-5 (Ba et al. 2016).
 * @param x [..., channels]
 * @param weight [channels]; without it nothing is scaled
 * @param bias [channels]; without it nothing is shifted
 */
export function layerNorm({ tf }: Runtime, x: Tensor, weight?: Tensor, bias?: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, 1e-5)));
  const scaled = weight ? tf.mul(normal, weight) : normal;
  return bias ? tf.add(scaled, bias) : scaled;
}
