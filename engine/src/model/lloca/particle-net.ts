/** The ParticleNet backbone: edge convolutions over nearest neighbours in feature space, in the receiver's frame. */
import { rowsAt } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { PreparedFrames } from './attention.ts';
import { transported } from './graph-net.ts';
import type { Layout } from './layout.ts';
import type { Links } from './links.ts';
import type { Weights } from './mlp.ts';
import type { TensorRepresentation } from './representation.ts';
import type { Probe } from './transformer.ts';

export interface ParticleNetConfig {
  readonly layers: readonly {
    readonly neighbours: number;
    /** Of the features that enter the layer. */
    readonly representation: TensorRepresentation;
  }[];
  /** Channels that the layers put out, where they are all alike. */
  readonly width?: number;
  /** Divide sums over particles by their number; by the padded number otherwise. */
  readonly useCounts: boolean;
}

/**
 * With the stored running statistics of the batch norms, and without dropout.
 *
 * All rows are padded to the largest event (`present` says which are real), because the official code's neighbours may be
 * padding when an event has fewer particles than neighbours are asked for.
 * @param features [events * most, C], in the particles' frames
 * @param points [events * most, D]: where the first layer looks for neighbours
 * @param present [events * most, 1], 1 for particles and 0 for padding
 * @param layout of the padded table: every event of the largest size
 * @param probe sees `edgeconv_i` as [events, C, most]
 * @returns logits, [events, out]
 */
export function particleNet(
  runtime: Runtime,
  config: ParticleNetConfig,
  weights: Weights,
  prefix: string,
  input: { readonly features: Tensor; readonly points: Tensor; readonly present: Tensor },
  frames: PreparedFrames,
  layout: Layout,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const { present } = input;
  const events = layout.sizes.length;
  const shift = tf.mul(tf.sub(1, present), 1e9);
  let h: Tensor = tf.mul(input.features, present);
  if (weights[`${prefix}bn_fts.weight`])
    h = tf.mul(batchNorm(runtime, h, weights, `${prefix}bn_fts`), present);
  const outputs: Tensor[] = [];
  for (const [index, { neighbours, representation }] of config.layers.entries()) {
    const points = tf.add(index === 0 ? tf.mul(input.points, present) : h, shift);
    const links = nearest(points, layout, neighbours);
    const own = `${prefix}edge_convs.${index}.`;
    const convolved = edgeConvolution(runtime, h, weights, own, links, neighbours, frames, representation);
    probe?.(`edgeconv_${index}`, tf.transpose(tf.reshape(convolved, [events, layout.most, -1]), [0, 2, 1]));
    h = tf.mul(convolved, present);
    outputs.push(h);
  }
  if (weights[`${prefix}fusion_block.0.weight`]) {
    const fused = convolution(runtime, tf.concat(outputs, 1), weights[`${prefix}fusion_block.0.weight`]!);
    h = tf.mul(tf.relu(batchNorm(runtime, fused, weights, `${prefix}fusion_block.1`)), present);
  }
  const sums = tf.sum(tf.reshape(h, [events, layout.most, -1]), 1);
  const counts = config.useCounts
    ? tf.maximum(tf.sum(tf.reshape(present, [events, layout.most]), 1, true), 1)
    : layout.most;
  return fullyConnected(runtime, tf.div(sums, counts), weights, `${prefix}fc.`);
}

/** conv, batch norm, ReLU on [x_i, x_j - x_i]; mean over neighbours; shortcut; ReLU. */
function edgeConvolution(
  runtime: Runtime,
  x: Tensor,
  weights: Weights,
  prefix: string,
  links: Links,
  neighbours: number,
  frames: PreparedFrames,
  representation: TensorRepresentation,
): Tensor {
  const { tf } = runtime;
  const own = rowsAt(runtime, x, links.receivers);
  const sent = transported(runtime, x, frames, links, representation);
  let edges: Tensor = tf.concat([own, tf.sub(sent, own)], 1);
  for (let i = 0; weights[`${prefix}convs.${i}.weight`]; i++) {
    const convolved = convolution(runtime, edges, weights[`${prefix}convs.${i}.weight`]!);
    edges = tf.relu(batchNorm(runtime, convolved, weights, `${prefix}bns.${i}`));
  }
  // Receivers are in order, each with the same number of neighbours.
  const means = tf.mean(tf.reshape(edges, [links.rows, neighbours, -1]), 1);
  const shortcut = weights[`${prefix}sc.weight`];
  const kept = shortcut
    ? batchNorm(runtime, convolution(runtime, x, shortcut), weights, `${prefix}sc_bn`)
    : x;
  return tf.relu(tf.add(means, kept));
}

/** A convolution of kernel size 1. @param x [rows, in] @param weight [out, in, 1] or [out, in, 1, 1] */
export function convolution({ tf }: Runtime, x: Tensor, weight: Tensor): Tensor {
  return tf.matMul(x, tf.transpose(tf.reshape(weight, weight.shape.slice(0, 2))) as never);
}

/** With stored statistics, epsilon 1e-5. @param x [rows, C] */
export function batchNorm({ tf }: Runtime, x: Tensor, weights: Weights, prefix: string): Tensor {
  const of = (name: string): Tensor => weights[`${prefix}.${name}`]!;
  const scale = tf.div(of('weight'), tf.sqrt(tf.add(of('running_var'), 1e-5)));
  return tf.add(tf.mul(tf.sub(x, of('running_mean')), scale), of('bias'));
}

/** Hidden layers `fc.i.0` with ReLU, then `fc.n`. */
function fullyConnected(runtime: Runtime, x: Tensor, weights: Weights, prefix: string): Tensor {
  const { tf } = runtime;
  const layer = (y: Tensor, name: string): Tensor =>
    tf.add(
      tf.matMul(y as never, tf.transpose(weights[`${name}.weight`]!) as never),
      weights[`${name}.bias`]!,
    );
  let y = x;
  let index = 0;
  for (; weights[`${prefix}${index}.0.weight`]; index++) y = tf.relu(layer(y, `${prefix}${index}.0`));
  return layer(y, `${prefix}${index}`);
}

/**
 * The nearest rows of the same event, without the nearest of all, which is the row itself. Found on the host: which rows
 * are neighbours is not differentiable.
 * @param points [events * most, D]
 */
function nearest(points: Tensor, { sizes, most }: Layout, neighbours: number): Links {
  const width = points.shape[1]!;
  const data = points.dataSync();
  const rows = sizes.length * most;
  const senders = new Int32Array(rows * neighbours);
  const receivers = Int32Array.from({ length: rows * neighbours }, (_, edge) =>
    Math.floor(edge / neighbours),
  );
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += (data[a * width + d]! - data[b * width + d]!) ** 2;
    return sum;
  };
  for (let row = 0; row < rows; row++) {
    const first = row - (row % most);
    const others = Array.from({ length: most }, (_, i) => ({
      row: first + i,
      distance: distance(row, first + i),
    }));
    others.sort((a, b) => a.distance - b.distance || a.row - b.row);
    for (let n = 0; n < neighbours; n++) senders[row * neighbours + n] = others[n + 1]!.row;
  }
  return { senders, receivers, rows };
}

/** The column of a padded table that says which rows are particles, [events * most, 1]. */
export function presenceColumn(runtime: Runtime, { sizes, most }: Layout): Tensor {
  const column = new Float64Array(sizes.length * most);
  sizes.forEach((size, event) => {
    column.fill(1, event * most, event * most + size);
  });
  return runtime.tensor(real([column.length, 1], column));
}
