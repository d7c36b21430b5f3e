/** Attention between particles that each have their own frame (section 2.5 of the method). */
import { attention as softmaxAttention } from '../../kernel/index.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { type Layout, toRows, toTable } from './layout.ts';
import { inverse, withLoweredRows } from './lorentz.ts';
import { isInvariant, type TensorRepresentation } from './representation.ts';
import { transform } from './transform.ts';

/** Frames with what is needed of them in every layer, made once for a forward pass. */
export interface PreparedFrames {
  /** [rows, 4, 4] each; absent when all particles of an event share a frame, which then cancels out. */
  readonly matrices?: { readonly frames: Tensor; readonly inverse: Tensor; readonly lowered: Tensor };
}

export function prepareFrames(runtime: Runtime, frames: Tensor, global: boolean): PreparedFrames {
  if (global) return {};
  const back = inverse(runtime, frames);
  return { matrices: { frames, inverse: back, lowered: withLoweredRows(runtime, back) } };
}

/** Queries, keys and values in the global frame, keys with lowered indices. */
export interface Heads {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/**
 * From local frames to the global one.
 * @param heads [rows, H, d] each; H is 1 where heads share them
 */
export function toGlobal(
  runtime: Runtime,
  { q, k, v }: Heads,
  { matrices }: PreparedFrames,
  representation: TensorRepresentation,
): Heads {
  if (!matrices) return { q, k, v };
  return {
    q: transform(runtime, q, matrices.inverse, representation),
    k: transform(runtime, k, matrices.lowered, representation),
    v: transform(runtime, v, matrices.inverse, representation),
  };
}

/**
 * softmax(q k / sqrt d) v: logits are sums of Minkowski products, messages arrive in the receiver's frame.
 * @param heads in local frames, [rows, H, d] each
 * @param mask added to the logits, [events, H or 1, most or 1, most], or of one event for all, [1, 1, most or 1, most];
 * it has no gradient
 * @param bias added to the logits too, [events, H, most, most], with a gradient: then the logits are kept
 * @returns [rows, H, d]
 */
export function attention(
  runtime: Runtime,
  heads: Heads,
  frames: PreparedFrames,
  representation: TensorRepresentation,
  layout: Layout,
  mask: Tensor | undefined,
  bias?: Tensor,
): Tensor {
  const { tf } = runtime;
  const { q, k, v } = toGlobal(runtime, heads, frames, representation);
  const count = q.shape[1]!;
  const size = q.shape[2]!;
  const { most } = layout;
  const table = (x: Tensor): Tensor => {
    const byHead = tf.transpose(toTable(runtime, x, layout), [0, 2, 1, 3]);
    const ofAll = x.shape[1] === count ? byHead : tf.tile(byHead, [1, count, 1, 1]);
    return tf.reshape(ofAll, [-1, most, size]);
  };
  const kept = (added: Tensor): Tensor => {
    const logits = tf.mul(tf.matMul(table(q), table(k), false, true), 1 / Math.sqrt(size));
    const all = tf.add(tf.reshape(logits, added.shape), mask ? tf.add(added, mask) : added);
    return tf.matMul(tf.reshape(tf.softmax(all), [-1, most, most]), table(v));
  };
  const options = mask ? { mask: tf.reshape(mask, [-1, mask.shape.at(-2)!, most]) } : {};
  const mixed = bias ? kept(bias) : softmaxAttention(runtime, table(q), table(k), table(v), options);
  const byRow = tf.transpose(tf.reshape(mixed, [-1, count, most, size]), [0, 2, 1, 3]);
  const received = toRows(runtime, byRow, layout);
  const { matrices } = frames;
  return !matrices || isInvariant(representation)
    ? received
    : transform(runtime, received, matrices.frames, representation);
}
