/** Multi-head attention over a sequence of two parts, each of which may be hidden from the other. No mask is ever made. */
import { attention } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { MaskMode } from './config.ts';

type Keys = 'all' | 'first' | 'rest';

/** What the queries of either part see. */
const sees: Readonly<Record<MaskMode, { readonly first: Keys; readonly rest: Keys }>> = {
  none: { first: 'all', rest: 'all' },
  ABq2Bk: { first: 'first', rest: 'first' },
  Aq2Bk: { first: 'first', rest: 'all' },
  Bq2Bk: { first: 'all', rest: 'first' },
  Bq2Ak: { first: 'all', rest: 'rest' },
};

export interface Split {
  readonly heads: number;
  /** Length of the first part. */
  readonly split: number;
  readonly mask: MaskMode;
}

/**
 * Self-attention with PyTorch's packed weights, `self_attn.in_proj_weight` [3d, d] and so on.
 *
 * A part whose only key is the first position gets that position's value, whatever its queries are: nothing of the order of its
 * length squared is computed, and its queries and keys have no gradient.
 * @param x [n, length, d]
 * @returns [n, length, d]
 */
export function maskedAttention(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  { heads, split, mask }: Split,
): Tensor {
  const { tf } = runtime;
  const [n, length, d] = x.shape as [number, number, number];
  const rest = length - split;
  const seen = rest > 0 ? sees[mask] : { first: 'all', rest: 'all' };
  const part = (y: Tensor, which: Keys): Tensor =>
    which === 'all'
      ? y
      : tf.slice(
          y,
          [0, which === 'first' ? 0 : split, 0],
          [n, which === 'first' ? split : rest, y.shape[2]!],
        );
  const isUniform = seen.first === seen.rest;
  const keysOnlyFirst = isUniform && seen.first === 'first';
  const keysValues = projected(runtime, weights, prefix, keysOnlyFirst ? part(x, 'first') : x, 1, 2);
  const attended = (queries: Tensor, keys: Keys): Tensor => {
    const own = keysOnlyFirst ? keysValues : part(keysValues, keys);
    return attendInHeads(runtime, projected(runtime, weights, prefix, queries, 0, 1), own, heads);
  };
  const output = (y: Tensor): Tensor => outOf(runtime, weights, prefix, y);
  if (isUniform) return output(attended(x, seen.first as Keys));
  const before = attended(part(x, 'first'), seen.first as Keys);
  if (seen.rest === 'first' && split === 1) {
    const value = tf.slice(keysValues, [0, 0, d], [n, 1, d]);
    const both = output(tf.concat([before, value], 1));
    const shared = tf.broadcastTo(tf.slice(both, [0, 1, 0], [n, 1, d]), [n, rest, d]);
    return tf.concat([tf.slice(both, [0, 0, 0], [n, 1, d]), shared], 1);
  }
  return output(tf.concat([before, attended(part(x, 'rest'), seen.rest as Keys)], 1));
}

/**
 * Part of the packed projection: queries are the first `d` rows of the weight, then keys, then values.
 * @param from 0 for queries, 1 for keys, 2 for values
 * @returns [..., count d]
 */
export function projected(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  from: number,
  count: number,
): Tensor {
  const { tf } = runtime;
  const d = x.shape.at(-1)!;
  return linear(
    runtime,
    x,
    tf.slice(weights[`${prefix}in_proj_weight`]!, [from * d, 0], [count * d, d]),
    tf.slice(weights[`${prefix}in_proj_bias`]!, [from * d], [count * d]),
  );
}

/** The output projection. */
export function outOf(runtime: Runtime, weights: DeviceWeights, prefix: string, x: Tensor): Tensor {
  return linear(runtime, x, weights[`${prefix}out_proj.weight`]!, weights[`${prefix}out_proj.bias`]);
}

/** Where logits are held in memory, at most so many at a time. */
const mostLogits = 2 ** 24;

/**
 * @param q [n, Q, d]
 * @param keysValues [n, K, 2 d]: keys, then values
 * @returns [n, Q, d]; head h has the channels from h d / heads
 */
export function attendInHeads(runtime: Runtime, q: Tensor, keysValues: Tensor, heads: number): Tensor {
  const { tf } = runtime;
  const [n, queries, d] = q.shape as [number, number, number];
  const keys = keysValues.shape[1]!;
  const each = d / heads;
  const inHeads = (y: Tensor, from: number): Tensor => {
    const own = y.shape[2] === d ? y : tf.slice(y, [0, 0, from], [n, y.shape[1]!, d]);
    const byHead = tf.transpose(tf.reshape(own, [n, y.shape[1]!, heads, each]), [0, 2, 1, 3]);
    return tf.reshape(byHead, [n * heads, y.shape[1]!, each]);
  };
  const [k, v] = [inHeads(keysValues, 0), inHeads(keysValues, d)];
  const all = inHeads(q, 0);
  const tile = Math.max(1, Math.floor(mostLogits / (n * heads * keys)));
  const tiles: Tensor[] = [];
  for (let from = 0; from < queries; from += tile) {
    const count = Math.min(tile, queries - from);
    const own = count === queries ? all : tf.slice(all, [0, from, 0], [n * heads, count, each]);
    tiles.push(attention(runtime, own, k, v));
  }
  const mixed = tiles.length === 1 ? tiles[0]! : tf.concat(tiles, 1);
  return tf.reshape(tf.transpose(tf.reshape(mixed, [n, heads, queries, each]), [0, 2, 1, 3]), [
    n,
    queries,
    d,
  ]);
}
