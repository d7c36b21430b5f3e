/**
 * The Particle Transformer backbone (Qu, Li and Qian 2022, arXiv 2202.03772) with messages between frames: features of pairs
 * are added to the attention's logits, and a class token reads the particles in the last blocks (section 2.8 of the method).
 */
import { gelu } from '../../layer/gelu.ts';
import { layerNorm } from '../../layer/linear.ts';
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { attention, type PreparedFrames } from './attention.ts';
import { type Layout, paddingMask, toTable } from './layout.ts';
import { affine, type Weights } from './mlp.ts';
import type { UnorderedPairs } from './pair-features.ts';
import { batchNorm, convolution } from './particle-net.ts';
import type { TensorRepresentation } from './representation.ts';
import type { Probe } from './transformer.ts';

export interface ParticleTransformerConfig {
  /** Of one attention head. */
  readonly representation: TensorRepresentation;
  /** Blocks in which particles attend to particles. */
  readonly blocks: number;
  /** Blocks in which the class token attends to particles. */
  readonly classBlocks: number;
  readonly heads: number;
}

export interface PairInput extends UnorderedPairs {
  /** [pairs, 4] */
  readonly features: Tensor;
}

/**
 * With the stored running statistics of the batch norms, and without dropout.
 * @param x [rows, in], in the particles' frames
 * @param prefix of the weights' names, ending in a dot or empty: `net.`
 * @param probe sees `embedded`, `pair_bias` [events, H, most, most], `after_block_i`, `after_class_block_i`
 * @returns logits, [events, out]
 */
export function particleTransformer(
  runtime: Runtime,
  config: ParticleTransformerConfig,
  weights: Weights,
  prefix: string,
  x: Tensor,
  pairs: PairInput,
  frames: PreparedFrames,
  layout: Layout,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const { heads, representation } = config;
  const events = layout.sizes.length;
  let h = embedding(runtime, x, weights, `${prefix}embed.`);
  probe?.('embedded', h);
  const bias = pairBias(runtime, pairs, weights, `${prefix}pair_embed.embed.`, layout);
  probe?.('pair_bias', bias);
  const padding = paddingMask(runtime, layout);
  for (let block = 0; block < config.blocks; block++) {
    const own = `${prefix}blocks.${block}.`;
    const width = h.shape[1]!;
    const normal = normed(runtime, h, weights, `${own}pre_attn_norm`);
    const all = tf.reshape(affine(runtime, normal, weights, `${own}attn.in_proj`), [
      -1,
      3,
      heads,
      width / heads,
    ]);
    const [q, k, v] = tf.unstack(all, 1) as [Tensor, Tensor, Tensor];
    const mixed = attention(runtime, { q, k, v }, frames, representation, layout, padding, bias);
    h = rest(runtime, weights, own, tf.reshape(mixed, [-1, width]), h, heads);
    probe?.(`after_block_${block}`, h);
  }
  let token: Tensor = tf.tile(tf.reshape(weights[`${prefix}cls_token`]!, [1, -1]), [events, 1]);
  for (let block = 0; block < config.classBlocks; block++) {
    const own = `${prefix}cls_blocks.${block}.`;
    const mixed = classAttention(runtime, weights, own, token, h, layout, heads, padding);
    token = rest(runtime, weights, own, mixed, token, heads);
    probe?.(`after_class_block_${block}`, token);
  }
  return affine(runtime, normed(runtime, token, weights, `${prefix}norm`), weights, `${prefix}fc.0`);
}

/** Batch norm, then layer norm, linear map and GELU as often as there are weights. */
function embedding(runtime: Runtime, x: Tensor, weights: Weights, prefix: string): Tensor {
  let h = batchNorm(runtime, x, weights, `${prefix}input_bn`);
  for (let layer = 0; weights[`${prefix}embed.${layer + 1}.weight`]; layer += 3) {
    const normal = normed(runtime, h, weights, `${prefix}embed.${layer}`);
    h = gelu(runtime, affine(runtime, normal, weights, `${prefix}embed.${layer + 1}`));
  }
  return h;
}

/** A number for each pair and head, [events, H, most, most]: convolutions over pairs, no activation after the last. */
function pairBias(
  runtime: Runtime,
  { features, table }: PairInput,
  weights: Weights,
  prefix: string,
  { sizes, most }: Layout,
): Tensor {
  const { tf } = runtime;
  let u = batchNorm(runtime, features, weights, `${prefix}0`);
  for (let layer = 1; weights[`${prefix}${layer}.weight`]; layer += 3) {
    if (layer > 1) u = gelu(runtime, u);
    const convolved = convolution(runtime, u, weights[`${prefix}${layer}.weight`]!);
    u = batchNorm(
      runtime,
      tf.add(convolved, weights[`${prefix}${layer}.bias`]!),
      weights,
      `${prefix}${layer + 1}`,
    );
  }
  const placed = tf.reshape(rowsAt(runtime, u, table), [sizes.length, most, most, -1]);
  return tf.transpose(placed, [0, 3, 1, 2]);
}

/** The token asks, token and particles answer. @param token [events, C] @param x [rows, C] @returns [events, C] */
function classAttention(
  runtime: Runtime,
  weights: Weights,
  own: string,
  token: Tensor,
  x: Tensor,
  layout: Layout,
  heads: number,
  padding: Tensor | undefined,
): Tensor {
  const { tf } = runtime;
  const [events, width] = token.shape as [number, number];
  const all = tf.concat([tf.expandDims(token, 1), toTable(runtime, x, layout)], 1);
  const seen = layout.most + 1;
  const normal = normed(runtime, all, weights, `${own}pre_attn_norm`);
  const [wq, wk, wv] = tf.split(weights[`${own}attn.in_proj.weight`]!, 3, 0) as [Tensor, Tensor, Tensor];
  const [bq, bk, bv] = tf.split(weights[`${own}attn.in_proj.bias`]!, 3, 0) as [Tensor, Tensor, Tensor];
  const projected = (y: Tensor, weight: Tensor, bias: Tensor, count: number): Tensor => {
    const parts = affine(runtime, y, { 'p.weight': weight, 'p.bias': bias }, 'p');
    return tf.transpose(tf.reshape(parts, [events, count, heads, width / heads]), [0, 2, 1, 3]);
  };
  // As in the official code, the question is the token before its norm.
  const q = projected(tf.expandDims(token, 1), wq, bq, 1);
  const k = projected(normal, wk, bk, seen);
  const v = projected(normal, wv, bv, seen);
  const logits = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads));
  const open = padding && tf.concat([tf.zeros([events, 1, 1, 1]), padding], 3);
  const shares = tf.softmax(open ? tf.add(logits, open) : logits);
  return tf.reshape(tf.matMul(shares, v), [events, width]);
}

/** All of a block that follows the mixing: projection, scales of the heads, norms, residuals, MLP. */
function rest(
  runtime: Runtime,
  weights: Weights,
  own: string,
  mixed: Tensor,
  before: Tensor,
  heads: number,
): Tensor {
  const { tf } = runtime;
  const width = before.shape[1]!;
  const projected = affine(runtime, mixed, weights, `${own}attn.out_proj`);
  const scaled = tf.mul(
    tf.reshape(projected, [-1, heads, width / heads]),
    tf.reshape(weights[`${own}c_attn`]!, [1, heads, 1]),
  );
  // The official code leaves the head's index fastest here.
  const woven = tf.reshape(tf.transpose(scaled, [0, 2, 1]), [-1, width]);
  const h = tf.add(normed(runtime, woven, weights, `${own}post_attn_norm`), before);
  const inner = gelu(
    runtime,
    affine(runtime, normed(runtime, h, weights, `${own}pre_fc_norm`), weights, `${own}fc1`),
  );
  const outer = affine(runtime, normed(runtime, inner, weights, `${own}post_fc_norm`), weights, `${own}fc2`);
  return tf.add(outer, tf.mul(h, weights[`${own}w_resid`]!));
}

function normed(runtime: Runtime, x: Tensor, weights: Weights, name: string): Tensor {
  return layerNorm(runtime, x, weights[`${name}.weight`]!, weights[`${name}.bias`]!);
}
