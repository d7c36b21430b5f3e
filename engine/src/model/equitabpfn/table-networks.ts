/** EquiTabPFN, and the network that it is compared with, as networks of tables. */
import { gelu } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import { randomFromSeed } from '../../tensor/random-stream.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import { drawWeights } from '../initial-weights.ts';
import type { DeviceTables, TableNetwork } from '../table-network.ts';
import type { WeightArrays } from '../weights.ts';
import type { NetConfig } from './config.ts';
import { encoderLayer } from './encoder-layer.ts';
import { forward } from './net.ts';
import { featureTokens } from './tokens.ts';
import { encoderLayerSpecs, weightSpecs, xavierSpecs } from './weights.ts';

/** The network of the small checkpoint: 147,265 weights with 100 columns. */
export const smallConfig: NetConfig = {
  width: 64,
  heads: 4,
  blocks: 2,
  widening: 2,
  mask: 'Bq2Bk',
  decoderHidden: 64,
  columns: 100,
};

/** @param weights trained ones, else drawn from the seed */
export function equiTabPfn(config: NetConfig, seed: number, weights?: WeightArrays): TableNetwork {
  return {
    title: 'EquiTabPFN',
    columns: config.columns,
    classes: Number.POSITIVE_INFINITY,
    weights: weights ?? drawWeights(weightSpecs(config), randomFromSeed(seed)),
    logits: (runtime, device, tables) => forward(runtime, config, device, tables),
  };
}

/** Of a network in the way of TabPFN (Hollmann et al. 2023). */
export interface BaselineConfig {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly widening: number;
  readonly columns: number;
  /** Classes that it has weights for. */
  readonly classes: number;
}

/** About as many weights as the small EquiTabPFN. */
export const smallBaseline: BaselineConfig = {
  width: 64,
  heads: 4,
  layers: 4,
  widening: 2,
  columns: 100,
  classes: 10,
};

/**
 * One token a row: U x + V onehot(y), and U x for a query; encoder layers over the rows, of which all see the training rows
 * alone; a perceptron to one score for each class. Each class has weights of its own, so the network is not equivariant to
 * their order.
 */
export function tabPfnStyle(config: BaselineConfig, seed: number, weights?: WeightArrays): TableNetwork {
  return {
    title: 'TabPFN-style',
    columns: config.columns,
    classes: config.classes,
    weights: weights ?? drawWeights(baselineSpecs(config), randomFromSeed(seed)),
    logits: (runtime, device, tables) => baselineLogits(runtime, config, device, tables),
  };
}

export function baselineSpecs({ width, layers, widening, columns, classes }: BaselineConfig) {
  return [
    ...xavierSpecs('encoder.layer', 2 * columns, width),
    ...xavierSpecs('y_encoder', classes, width),
    ...Array.from({ length: layers }, (_, i) =>
      encoderLayerSpecs(`transformer_encoder.layers.${i}.`, width, widening),
    ).flat(),
    ...xavierSpecs('decoder.0', width, 2 * width),
    ...xavierSpecs('decoder.2', 2 * width, classes),
  ];
}

function baselineLogits(
  runtime: Runtime,
  config: BaselineConfig,
  weights: DeviceWeights,
  { values, codes, labels }: DeviceTables,
): Tensor {
  const { tf } = runtime;
  const [batch, known, classes] = labels.shape as [number, number, number];
  if (classes > config.classes) {
    throw new RangeError(`the network has weights for ${config.classes} classes, not ${classes}`);
  }
  const rows = values.shape[1]!;
  const covariates = featureTokens(runtime, weights, 'encoder.layer.', values, codes);
  const own = tf.slice(weights['y_encoder.weight']!, [0, 0], [config.width, classes]);
  const told = linear(runtime, labels, own, weights['y_encoder.bias']);
  let x = tf.add(
    covariates,
    tf.pad(told, [
      [0, 0],
      [0, rows - known],
      [0, 0],
    ]),
  );
  for (let i = 0; i < config.layers; i++) {
    const split = { heads: config.heads, split: known, mask: 'ABq2Bk' } as const;
    x = encoderLayer(runtime, weights, `transformer_encoder.layers.${i}.`, x, split);
  }
  const queries = tf.slice(x, [0, known, 0], [batch, rows - known, config.width]);
  const hidden = gelu(
    runtime,
    linear(runtime, queries, weights['decoder.0.weight']!),
    weights['decoder.0.bias'],
  );
  const scores = linear(runtime, hidden, weights['decoder.2.weight']!, weights['decoder.2.bias']);
  return tf.slice(scores, [0, 0, 0], [batch, rows - known, classes]);
}
