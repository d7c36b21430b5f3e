/** GELU in its exact form. */
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/**
 * x Phi(x) with the normal distribution function Phi, by erf and not by the tanh approximation (Hendrycks & Gimpel 2016).
 * Differentiable; only x is kept for the gradient.
 */
export function gelu({ tf }: Runtime, x: Tensor): Tensor {
  const normal = (value: Tensor): Tensor => tf.add(tf.mul(tf.erf(tf.mul(value, Math.SQRT1_2)), 0.5), 0.5);
  const forward = tf.customGrad((input, save) => {
    const value = input as Tensor;
    (save as (tensors: Tensor[]) => void)([value]);
    return {
      value: tf.mul(value, normal(value)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const kept = saved[0]!;
        const density = tf.mul(tf.exp(tf.mul(tf.square(kept), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(normal(kept), tf.mul(kept, density)));
      },
    };
  });
  return forward(x);
}
