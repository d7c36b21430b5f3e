/** The transformer backbone, in both of its official versions (section 2.6 of the method). */
import { gelu } from '../../layer/gelu.ts';
import { layerNorm } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { attention, type Heads, type PreparedFrames } from './attention.ts';
import { type Layout, paddingMask } from './layout.ts';
import { affine, type Weights } from './mlp.ts';
import type { TensorRepresentation } from './representation.ts';

export interface TransformerConfig {
  /** 1: LayerNorm, GELU. 2: RMSNorm, gated GELU. */
  readonly version: 1 | 2;
  /** Of one attention head. */
  readonly representation: TensorRepresentation;
  readonly blocks: number;
  readonly heads: number;
  /** Keys and values shared by all heads. */
  readonly multiQuery: boolean;
}

/** Receives hidden features by name, inside the forward pass: clone or keep what must outlive it. */
export type Probe = (name: string, value: Tensor) => void;

/**
 * @param x [rows, in], in the particles' frames
 * @param prefix of the weights' names, ending in a dot or empty: `net.`
 * @param probe sees `after_linear_in`, `attention_branch_i`, `after_block_i`
 * @returns [rows, out], in the particles' frames
 */
export function transformer(
  runtime: Runtime,
  config: TransformerConfig,
  weights: Weights,
  prefix: string,
  x: Tensor,
  frames: PreparedFrames,
  layout: Layout,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const mask = paddingMask(runtime, layout);
  const normal = config.version === 1 ? layerNorm : rootMeanSquareNorm;
  let h = affine(runtime, x, weights, `${prefix}linear_in`);
  probe?.('after_linear_in', h);
  for (let block = 0; block < config.blocks; block++) {
    const own = `${prefix}blocks.${block}.`;
    const heads = projections(runtime, config, weights, `${own}attention.qkv_linear.`, normal(runtime, h));
    const mixed = attention(runtime, heads, frames, config.representation, layout, mask);
    const flat = tf.reshape(mixed, [mixed.shape[0]!, -1]);
    const branch = affine(runtime, flat, weights, `${own}attention.out_linear`);
    probe?.(`attention_branch_${block}`, branch);
    h = tf.add(h, branch);
    h = tf.add(h, inner(runtime, config, weights, own, normal(runtime, h)));
    probe?.(`after_block_${block}`, h);
  }
  return affine(runtime, h, weights, `${prefix}linear_out`);
}

/** Queries, keys and values, [rows, H, d]. The channel layouts are the official ones. */
function projections(
  runtime: Runtime,
  { heads, multiQuery }: TransformerConfig,
  weights: Weights,
  prefix: string,
  x: Tensor,
): Heads {
  const { tf } = runtime;
  const rows = x.shape[0]!;
  if (multiQuery) {
    const of = (name: string, count: number): Tensor =>
      tf.reshape(affine(runtime, x, weights, `${prefix}${name}_linear`), [rows, count, -1]);
    return { q: of('q', heads), k: of('k', 1), v: of('v', 1) };
  }
  // The head's index runs fastest, the channel in a head next, then q, k and v.
  const all = tf.reshape(affine(runtime, x, weights, `${prefix}linear`), [rows, 3, -1, heads]);
  const [q, k, v] = tf.unstack(tf.transpose(all, [0, 1, 3, 2]), 1);
  return { q: q!, k: k!, v: v! };
}

function inner(
  runtime: Runtime,
  { version }: TransformerConfig,
  weights: Weights,
  prefix: string,
  x: Tensor,
): Tensor {
  if (version === 1) {
    const wide = gelu(runtime, affine(runtime, x, weights, `${prefix}mlp.0`));
    return affine(runtime, wide, weights, `${prefix}mlp.3`);
  }
  const { tf } = runtime;
  const [gate, value] = tf.split(affine(runtime, x, weights, `${prefix}mlp_in.0`), 2, 1);
  return affine(runtime, tf.mul(gelu(runtime, gate!), value!), weights, `${prefix}mlp_out.0`);
}

/** x / sqrt(mean x^2 + epsilon) over the last axis, with the precision's own epsilon. */
function rootMeanSquareNorm({ tf, precision }: Runtime, x: Tensor): Tensor {
  const epsilon = precision === 'float64' ? 2 ** -52 : 2 ** -23;
  return tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
}
