/** One step of Adam in plain operations, with the formulas of PyTorch. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

export type AdamAttributes = {
  readonly rate: number;
  /** 1 for the first. */
  readonly step: number;
  readonly decay: number;
  /** Whether the decay acts on the weights (AdamW, Loshchilov & Hutter 2019) instead of on the gradient. */
  readonly decoupled: boolean;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
};

/**
 * m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g^2;
 * w <- w - rate (m / (1 - beta1^t)) / (sqrt(v) / sqrt(1 - beta2^t) + epsilon) (Kingma & Ba 2015).
 * Before that, w <- (1 - rate decay) w when decoupled, else g <- g + decay w.
 * @param inputs weights, gradient, m, v, of one shape
 * @returns new weights, m and v
 */
export function adamReference(
  { tf }: Pick<Runtime, 'tf'>,
  [weights, gradient, mean, square]: readonly Tensor[],
  { rate, step, decay, decoupled, beta1, beta2, epsilon }: AdamAttributes,
): [Tensor, Tensor, Tensor] {
  const before = decoupled && decay > 0 ? tf.mul(weights!, 1 - rate * decay) : weights!;
  const g = !decoupled && decay > 0 ? tf.add(gradient!, tf.mul(weights!, decay)) : gradient!;
  const first = tf.add(tf.mul(mean!, beta1), tf.mul(g, 1 - beta1)) as Tensor;
  const second = tf.add(tf.mul(square!, beta2), tf.mul(tf.square(g), 1 - beta2)) as Tensor;
  const root = tf.div(tf.sqrt(second), Math.sqrt(1 - beta2 ** step));
  const change = tf.div(first, tf.add(root, epsilon));
  return [tf.sub(before, tf.mul(change, rate / (1 - beta1 ** step))), first, second];
}
