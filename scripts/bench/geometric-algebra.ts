/**
 * A transformer block on multivectors of the algebra of spacetime, to compare LLoCa's cost with: the ingredients of L-GATr
 * (Spinner et al. 2024, arXiv 2405.14806) in plain TensorFlow.js, written for comparing and without any kernel of ours.
 * A multivector has 16 components, one for each subset of the four axes.
 */

import type { Runtime, Tensor } from '../../engine/src/tensor/runtime.ts';
import { uniform } from './step.ts';

export const components = 16;
const squares = [1, -1, -1, -1];

/** Number of axes of a component. */
export function gradeOf(blade: number): number {
  let grade = 0;
  for (let axis = 0; axis < 4; axis++) grade += (blade >> axis) & 1;
  return grade;
}

/** Sign of the geometric product of two basis elements; the product itself is `a ^ b`. */
export function signOf(a: number, b: number): number {
  let sign = 1;
  for (let axis = 0; axis < 4; axis++) {
    if (!((b >> axis) & 1)) continue;
    // The axis walks to its place past all higher ones on its left.
    for (let higher = axis + 1; higher < 4; higher++) if ((a >> higher) & 1) sign = -sign;
    if ((a >> axis) & 1) sign *= squares[axis]!;
    // From here on `a` has it, or no more.
    a ^= 1 << axis;
  }
  return sign;
}

/** The ten linear maps that commute with the group: parts of one grade, and those times the pseudoscalar. [10, 16, 16] */
export function equivariantMaps(runtime: Runtime): Tensor {
  const maps = Array.from({ length: 10 }, (_, k) =>
    Array.from({ length: components }, (_, to) =>
      Array.from({ length: components }, (_, from) => {
        if (gradeOf(from) !== k % 5) return 0;
        if (k < 5) return to === from ? 1 : 0;
        return to === (from ^ 15) ? signOf(15, from) : 0;
      }),
    ),
  );
  return runtime.tf.tensor(maps);
}

export interface Block {
  /** Weights of the maps, [out, in, 10] each: queries, keys and values; after attention; two factors; after their product. */
  readonly qkv: Tensor;
  readonly out: Tensor;
  readonly factors: Tensor;
  readonly joined: Tensor;
  readonly maps: Tensor;
  /** [16, 256]: which products of components make which component. */
  readonly product: Tensor;
  /** Signs of the inner product, [16]. */
  readonly metric: Tensor;
}

/** @param channels multivectors of a token */
export function blockOf(runtime: Runtime, channels: number): Block {
  const { tf } = runtime;
  const weights = (out: number): Tensor => uniform(runtime, [out, channels, 10], 1 / Math.sqrt(channels));
  const product = new Float32Array(components ** 3);
  for (let a = 0; a < components; a++)
    for (let b = 0; b < components; b++)
      product[(a ^ b) * components ** 2 + a * components + b] = signOf(a, b);
  // <x, y> is the scalar part of the reverse of x times y.
  const metric = Array.from({ length: components }, (_, blade) => {
    const grade = gradeOf(blade);
    const turned = ((grade * (grade - 1)) / 2) % 2 === 0 ? 1 : -1;
    return turned * signOf(blade, blade);
  });
  return {
    qkv: weights(3 * channels),
    out: weights(channels),
    factors: weights(2 * channels),
    joined: weights(channels),
    maps: equivariantMaps(runtime),
    product: tf.tensor(product, [components, components ** 2]),
    metric: tf.tensor1d(metric),
  };
}

/** @param x [events, tokens, channels, 16] @param heads that divide the channels @returns the same shape */
export function multivectorBlock(runtime: Runtime, block: Block, x: Tensor, heads: number): Tensor {
  const { tf } = runtime;
  const [events, tokens, channels] = x.shape as [number, number, number, number];
  const [q, k, v] = tf.split(linear(runtime, block, normed(runtime, block, x), block.qkv), 3, 2) as Tensor[];
  const width = (channels / heads) * components;
  const byHead = (y: Tensor): Tensor =>
    tf.transpose(tf.reshape(y, [events, tokens, heads, width]), [0, 2, 1, 3]);
  const logits = tf.matMul(byHead(q!), byHead(tf.mul(k!, block.metric)), false, true);
  const shares = tf.softmax(tf.mul(logits, 1 / Math.sqrt(width)));
  const mixed = tf.reshape(tf.transpose(tf.matMul(shares, byHead(v!)), [0, 2, 1, 3]), x.shape);
  const h = tf.add(x, linear(runtime, block, mixed, block.out));
  const [a, b] = tf.split(linear(runtime, block, normed(runtime, block, h), block.factors), 2, 2) as Tensor[];
  const products = multiplied(runtime, block, a!, b!);
  // The scalar part, an invariant, opens the gate.
  const gate = tf.sigmoid(tf.slice(products, [0, 0, 0, 0], [events, tokens, channels, 1]));
  return tf.add(h, linear(runtime, block, tf.mul(products, gate), block.joined));
}

/** All components of all channels mixed by one matrix that is made of the ten maps. */
function linear({ tf }: Runtime, { maps }: Block, x: Tensor, weights: Tensor): Tensor {
  const [out, channels] = weights.shape as [number, number, number];
  const [events, tokens] = x.shape as [number, number];
  const blocks = tf.matMul(
    tf.reshape(weights, [out * channels, 10]),
    tf.reshape(maps, [10, components ** 2]),
  );
  const matrix = tf.reshape(
    tf.transpose(tf.reshape(blocks, [out, channels, components, components]), [0, 2, 1, 3]),
    [out * components, channels * components],
  );
  const rows = tf.reshape(x, [events * tokens, channels * components]);
  return tf.reshape(tf.matMul(rows, matrix, false, true), [events, tokens, out, components]);
}

/** The geometric product of two multivectors in each channel. */
export function multiplied({ tf }: Runtime, { product }: Block, a: Tensor, b: Tensor): Tensor {
  const outer = tf.mul(tf.expandDims(a, 4), tf.expandDims(b, 3));
  const pairs = tf.reshape(outer, [-1, components ** 2]);
  return tf.reshape(tf.matMul(pairs, product, false, true), a.shape);
}

/** Divided by the root of the mean absolute inner product of the channels with themselves. */
function normed({ tf }: Runtime, { metric }: Block, x: Tensor): Tensor {
  const own = tf.abs(tf.sum(tf.mul(tf.square(x), metric), 3, true));
  return tf.div(x, tf.sqrt(tf.add(tf.mean(own, 2, true), 0.01)));
}
