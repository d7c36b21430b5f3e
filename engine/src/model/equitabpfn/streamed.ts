/**
 * The network on one table that is too large for it at once. Tokens are held on the host, once and in place; what a layer makes of
 * them is on the device for a few rows or one slot at a time, since component layers know no other row and row layers no other slot.
 * The same numbers as forward() up to rounding, without gradients.
 */
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { NetConfig } from './config.ts';
import { residual } from './decoder.ts';
import { afterAttention } from './encoder-layer.ts';
import type { HostTable } from './host-tables.ts';
import { attendInHeads, outOf, projected } from './masked-attention.ts';
import { componentLayer } from './net.ts';
import { featureTokens, labelTokens } from './tokens.ts';

type Numbers = Float32Array | Float64Array;

/** Numbers of tokens that are on the device at once; a layer makes about twenty tensors of that size. */
const defaultTile = 2 ** 20;

/**
 * @param tile numbers of tokens on the device at once
 * @returns logits [queries, classes]
 */
export async function streamedLogits(
  runtime: Runtime,
  config: NetConfig,
  weights: DeviceWeights,
  table: HostTable,
  tile = defaultTile,
): Promise<Float64Array> {
  const slots = await startOf(runtime, weights, table, config.width);
  for (let block = 0; block < config.blocks; block++) {
    const prefix = `transformer.layers.${block}.`;
    await componentPass(runtime, config, weights, prefix, slots, tile);
    for (const slot of slots) await rowPass(runtime, config, weights, prefix, slot, table.known, tile);
  }
  return decoded(runtime, weights, slots, table, config.width, tile);
}

/** Tensors of typed arrays as they are: what is held once should not be copied as float64 on its way. */
function tensorOf({ tf }: Runtime, data: Numbers, shape: number[]): Tensor {
  return tf.tensor(data, shape, 'float32');
}

function emptyOf({ precision }: Runtime, length: number): Numbers {
  return precision === 'float64' ? new Float64Array(length) : new Float32Array(length);
}

async function taken(tensor: Tensor): Promise<Numbers> {
  const data = (await tensor.data()) as Numbers;
  tensor.dispose();
  return data;
}

/** Rows [from, to) of flat tokens. */
function* tiles(rows: number, size: number): Generator<readonly [number, number]> {
  const step = Math.max(1, Math.floor(size));
  for (let from = 0; from < rows; from += step) yield [from, Math.min(rows, from + step)];
}

/** The tokens of each slot, [rows d]. */
async function startOf(
  runtime: Runtime,
  weights: DeviceWeights,
  { values, codes, labels, known, queries, features, classes }: HostTable,
  d: number,
): Promise<Numbers[]> {
  const { tf } = runtime;
  const rows = known + queries;
  const slots = Array.from({ length: 1 + classes }, () => emptyOf(runtime, rows * d));
  const covariates = tf.tidy(() => {
    const given = (data: Float64Array): Tensor => runtime.tensor(real([rows, features], data));
    return featureTokens(runtime, weights, 'encoder.layer.', given(values), codes && given(codes));
  });
  slots[0]!.set(await taken(covariates));
  for (let c = 0; c < classes; c++) {
    const column = Float64Array.from({ length: known }, (_, row) => labels[row * classes + c]!);
    const tokens = tf.tidy(() => {
      const told = labelTokens(runtime, weights, 'y_encoder.', runtime.tensor(real([known], column)));
      return tf.concat([told, tf.broadcastTo(tf.reshape(weights.target_token!, [1, d]), [queries, d])], 0);
    });
    slots[1 + c]!.set(await taken(tokens));
  }
  return slots;
}

/** A component layer, some rows at a time. */
async function componentPass(
  runtime: Runtime,
  config: NetConfig,
  weights: DeviceWeights,
  prefix: string,
  slots: readonly Numbers[],
  tile: number,
): Promise<void> {
  const d = config.width;
  const rows = slots[0]!.length / d;
  for (const [from, to] of tiles(rows, tile / (d * slots.length))) {
    const count = to - from;
    const all = emptyOf(runtime, count * slots.length * d);
    slots.forEach((slot, s) => {
      for (let row = 0; row < count; row++) {
        all.set(slot.subarray((from + row) * d, (from + row + 1) * d), (row * slots.length + s) * d);
      }
    });
    const mixed = await taken(
      runtime.tf.tidy(() => {
        const x = tensorOf(runtime, all, [count, slots.length, d]);
        return componentLayer(runtime, config, weights, prefix, x);
      }),
    );
    slots.forEach((slot, s) => {
      for (let row = 0; row < count; row++) {
        const at = (row * slots.length + s) * d;
        slot.set(mixed.subarray(at, at + d), (from + row) * d);
      }
    });
  }
}

/** A row layer on one slot, in place: keys and values of the training rows once, then some rows at a time. */
async function rowPass(
  runtime: Runtime,
  { heads, width: d }: NetConfig,
  weights: DeviceWeights,
  prefix: string,
  slot: Numbers,
  known: number,
  tile: number,
): Promise<void> {
  const { tf } = runtime;
  const own = `${prefix}cross_sample_attention.`;
  const attention = `${own}self_attn.`;
  const keysValues = tf.tidy(() => {
    const train = tensorOf(runtime, slot.slice(0, known * d), [1, known, d]);
    return projected(runtime, weights, attention, train, 1, 2);
  });
  for (const [from, to] of tiles(slot.length / d, tile / d)) {
    const result = tf.tidy(() => {
      const x = tensorOf(runtime, slot.slice(from * d, to * d), [1, to - from, d]);
      const queries = projected(runtime, weights, attention, x, 0, 1);
      const attended = outOf(runtime, weights, attention, attendInHeads(runtime, queries, keysValues, heads));
      return afterAttention(runtime, weights, own, x, attended);
    });
    slot.set(await taken(result), from * d);
  }
  keysValues.dispose();
}

/** The decoder, some queries at a time; products are summed over the slots. */
async function decoded(
  runtime: Runtime,
  weights: DeviceWeights,
  slots: readonly Numbers[],
  { labels, known, queries, classes }: HostTable,
  d: number,
  tile: number,
): Promise<Float64Array> {
  const { tf } = runtime;
  const scores = new Float64Array(queries * classes);
  const scale = 1 / Math.sqrt(slots.length * d);
  // As many products as there are numbers in all tensors of a layer.
  for (const [from, to] of tiles(queries, (16 * tile) / known)) {
    let sum: Tensor = tf.zeros([to - from, known]);
    for (const slot of slots) {
      const before = sum;
      sum = tf.tidy(() => {
        const train = tensorOf(runtime, slot.slice(0, known * d), [known, d]);
        const own = tensorOf(runtime, slot.slice((known + from) * d, (known + to) * d), [to - from, d]);
        // Scaled before the product: so many terms overflow in short floating point.
        return tf.add(before, tf.matMul(tf.mul(own, scale), train, false, true));
      });
      before.dispose();
    }
    const total = sum;
    const logits = tf.tidy(() => {
      const told = runtime.tensor(real([known, classes], labels));
      return residual(runtime, weights, 'decoder.pointwise_mlp.', tf.matMul(tf.softmax(total), told));
    });
    total.dispose();
    scores.set(await taken(logits), from * classes);
  }
  return scores;
}
