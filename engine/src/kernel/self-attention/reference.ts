/** Self-attention of several heads in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { attentionReference } from '../attention/reference.ts';

export type SelfAttentionAttributes = {
  readonly heads: number;
  /** Whether a mask follows. */
  readonly hasMask: boolean;
  /** The factor before the softmax. */
  readonly scale: number;
};

/**
 * Attention of every head, heads side by side in the result's rows.
 * @param inputs qkv `[B, N, 3 H d]`: queries of all heads, keys, values; mask `[b, n, N]` as of attention over samples and heads
 * @returns `[B, N, H d]`
 */
export function selfAttentionReference(
  { tf }: Pick<Runtime, 'tf'>,
  [qkv, mask]: readonly Tensor[],
  { heads, hasMask, scale }: SelfAttentionAttributes,
): Tensor {
  const [q, k, v] = splitHeads({ tf }, qkv!, heads);
  const inputs = mask ? [q, k, v, mask] : [q, k, v];
  return joinHeads({ tf }, attentionReference({ tf }, inputs, { hasMask, scale }), heads);
}

/** `[B, N, 3 H d]` to q, k and v, each `[B H, N, d]`. */
export function splitHeads(
  { tf }: Pick<Runtime, 'tf'>,
  qkv: Tensor,
  heads: number,
): readonly [Tensor, Tensor, Tensor] {
  const [batch, tokens, width] = qkv.shape as [number, number, number];
  const d = width / 3 / heads;
  const parts = tf.transpose(tf.reshape(qkv, [batch, tokens, 3, heads, d]), [2, 0, 3, 1, 4]);
  const [q, k, v] = tf.unstack(tf.reshape(parts, [3, batch * heads, tokens, d]));
  return [q!, k!, v!];
}

/** `[B H, N, d]` to `[B, N, H d]`. */
export function joinHeads({ tf }: Pick<Runtime, 'tf'>, y: Tensor, heads: number): Tensor {
  const [all, tokens, d] = y.shape as [number, number, number];
  const byHead = tf.reshape(y, [all / heads, heads, tokens, d]);
  return tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [all / heads, tokens, heads * d]);
}
