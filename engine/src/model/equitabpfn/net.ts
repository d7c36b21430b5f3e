/** The network on tables of one size, differentiable. What is too large for it goes through streamed.ts. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { DeviceTables } from '../table-network.ts';
import type { NetConfig } from './config.ts';
import { attendedLabels, residual } from './decoder.ts';
import { encoderLayer, type Probe } from './encoder-layer.ts';
import { tokensOf } from './tokens.ts';

/**
 * Class scores of the queries.
 * @param weights by official names
 * @param probe sees `tokens` and `blockK`, [B, slots, rows, d]
 * @returns logits [B, M, q]; call inside tf.tidy
 */
export function forward(
  runtime: Runtime,
  config: NetConfig,
  weights: DeviceWeights,
  tables: DeviceTables,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const known = tables.labels.shape[1]!;
  let x = tokensOf(runtime, weights, tables);
  probe?.('tokens', x);
  for (let index = 0; index < config.blocks; index++) {
    const before = x;
    const run = (): Tensor => block(runtime, config, weights, `transformer.layers.${index}.`, before, known);
    x = probe ? run() : tf.tidy(run);
    probe?.(`block${index}`, x);
  }
  const [batch, slots, rows, d] = x.shape as [number, number, number, number];
  const flat = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, rows, slots * d]);
  const train = tf.slice(flat, [0, 0, 0], [batch, known, slots * d]);
  const queries = tf.slice(flat, [0, known, 0], [batch, rows - known, slots * d]);
  const attended = attendedLabels(runtime, queries, train, tables.labels);
  return residual(runtime, weights, 'decoder.pointwise_mlp.', attended);
}

/**
 * A component layer, then a row layer.
 * @param x [B, slots, rows, d]
 * @param known number of training rows
 * @param probe sees `after_component_layer`, [B rows, slots, d]
 */
export function block(
  runtime: Runtime,
  config: Pick<NetConfig, 'heads' | 'mask'>,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  known: number,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const [batch, slots, rows, d] = x.shape as [number, number, number, number];
  const byRow = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch * rows, slots, d]);
  const mixed = componentLayer(runtime, config, weights, prefix, byRow);
  probe?.('after_component_layer', mixed);
  const bySlot = tf.transpose(tf.reshape(mixed, [batch, rows, slots, d]), [0, 2, 1, 3]);
  const flat = tf.reshape(bySlot, [batch * slots, rows, d]);
  return tf.reshape(rowLayer(runtime, config, weights, prefix, flat, known), [batch, slots, rows, d]);
}

/** Attention between the slots of a row. @param x [rows of all tables, slots, d] */
export function componentLayer(
  runtime: Runtime,
  { heads, mask }: Pick<NetConfig, 'heads' | 'mask'>,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
): Tensor {
  return encoderLayer(runtime, weights, `${prefix}cross_feature_attention.`, x, { heads, mask, split: 1 });
}

/** Attention between the rows, of which all see the training rows alone. @param x [slots of all tables, rows, d] */
export function rowLayer(
  runtime: Runtime,
  { heads }: Pick<NetConfig, 'heads'>,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  known: number,
): Tensor {
  const split = { heads, split: known, mask: 'ABq2Bk' } as const;
  return encoderLayer(runtime, weights, `${prefix}cross_sample_attention.`, x, split);
}
