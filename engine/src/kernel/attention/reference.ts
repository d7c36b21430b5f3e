/** Scaled dot-product attention in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Whether a mask follows the values, and the factor before the softmax. */
export type AttentionAttributes = { readonly hasMask: boolean; readonly scale: number };

/**
 * y = softmax(scale q k^T + mask) v (Vaswani et al. 2017). A query whose every logit is -infinity has no answer: the
 * callers' masks leave each query at least one key.
 * @param inputs q `[B, N, d]`, k `[B, M, d]`, v `[B, M, e]`, B over samples and heads; mask `[b, n, M]` if there is one, with
 *   b = B or a divisor of it (batches sample-major: the mask of B/b consecutive ones) and n = N or 1. The mask has no gradient
 * @returns `[B, N, e]`
 */
export function attentionReference(
  { tf }: Pick<Runtime, 'tf'>,
  [q, k, v, mask]: readonly Tensor[],
  { hasMask, scale }: AttentionAttributes,
): Tensor {
  let logits: Tensor = tf.mul(tf.matMul(q!, k!, false, true), scale);
  if (hasMask) {
    const [batch, queries, keys] = logits.shape as [number, number, number];
    const [groups, rows] = mask!.shape as [number, number];
    const grouped = tf.reshape(logits, [groups, batch / groups, queries, keys]);
    logits = tf.reshape(tf.add(grouped, tf.reshape(mask!, [groups, 1, rows, keys])), logits.shape);
  }
  return tf.matMul(tf.softmax(logits), v!);
}
