/** GELU in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Whether a bias follows x. */
export type ActivationAttributes = { readonly hasBias: boolean };

/**
 * y = u Phi(u), u = x + bias, with the normal distribution function Phi, by erf and not by the tanh approximation
 * (Hendrycks & Gimpel 2016).
 * @param inputs x `[..., C]`; bias `[C]` if there is one
 * @returns `[..., C]`
 */
export function geluReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, bias]: readonly Tensor[],
  { hasBias }: ActivationAttributes,
): Tensor {
  const u = hasBias ? tf.add(x!, bias!) : x!;
  const normal = (value: Tensor): Tensor => tf.add(tf.mul(tf.erf(tf.mul(value, Math.SQRT1_2)), 0.5), 0.5);
  // Only u is kept for the gradient; the library would keep every step.
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
  return forward(u);
}
