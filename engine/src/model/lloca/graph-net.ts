/** The graph-network backbone: messages on edges, in the receiver's frame (section 2.7 of the method). */
import { maxOfRows, meanOfRows, rowsAt, sumOfRows } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { PreparedFrames } from './attention.ts';
import type { Links } from './links.ts';
import { affine, mlp, type Weights } from './mlp.ts';
import type { TensorRepresentation } from './representation.ts';
import { transform } from './transform.ts';
import type { Probe } from './transformer.ts';

export interface GraphNetConfig {
  /** Of the hidden features. */
  readonly representation: TensorRepresentation;
  readonly blocks: number;
  readonly aggregate: 'sum' | 'mean' | 'max';
}

const aggregations = { sum: sumOfRows, mean: meanOfRows, max: maxOfRows };

/**
 * No residual connections and no norms, as in the official code. The second net of a block is used where it has weights.
 * @param x [rows, in]
 * @param attributes [E, A], invariant numbers on the edges
 * @param prefix of the weights' names, ending in a dot or empty: `net.`
 * @param probe sees `after_block_i`
 * @returns [rows, out]
 */
export function graphNet(
  runtime: Runtime,
  config: GraphNetConfig,
  weights: Weights,
  prefix: string,
  x: Tensor,
  frames: PreparedFrames,
  links: Links,
  attributes: Tensor | undefined,
  probe?: Probe,
): Tensor {
  let h = affine(runtime, x, weights, `${prefix}linear_in`);
  for (let block = 0; block < config.blocks; block++) {
    const own = `${prefix}blocks.${block}.`;
    const received = rowsAt(runtime, h, links.receivers);
    const inputs = [transported(runtime, h, frames, links, config.representation), received];
    let messages = mlp(
      runtime,
      runtime.tf.concat(attributes ? [...inputs, attributes] : inputs, 1),
      weights,
      `${own}mlp1`,
    );
    if (links.empty) messages = runtime.tf.mul(messages, 0);
    // Zero where nothing arrives.
    h = aggregations[config.aggregate](runtime, messages, links.receivers, links.rows);
    if (weights[`${own}mlp2.mlp.0.weight`]) h = mlp(runtime, h, weights, `${own}mlp2`);
    probe?.(`after_block_${block}`, h);
  }
  return affine(runtime, h, weights, `${prefix}linear_out`);
}

/**
 * What senders have, in the receiver's frame: rho(L_i L_j^-1) x_j, [E, dim]. By way of the global frame: the first half is
 * done once for a particle and not once for an edge.
 */
export function transported(
  runtime: Runtime,
  x: Tensor,
  { matrices }: PreparedFrames,
  { senders, receivers }: Links,
  representation: TensorRepresentation,
): Tensor {
  if (!matrices) return rowsAt(runtime, x, senders);
  const global = transform(runtime, x, matrices.inverse, representation);
  const sent = rowsAt(runtime, global, senders);
  return transform(runtime, sent, rowsAt(runtime, matrices.frames, receivers), representation);
}
