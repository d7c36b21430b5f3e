/** EquiTabPFN, and the network that it is compared with, as networks of tables. */
import { randomFromSeed } from '../../tensor/random-stream.ts';
import { drawWeights } from '../initial-weights.ts';
import type { TableNetwork } from '../table-network.ts';
import type { WeightArrays } from '../weights.ts';
import { baselineLogits } from './baseline.ts';
import type { BaselineConfig, NetConfig } from './config.ts';
import { forward } from './net.ts';
import { baselineSpecs, weightSpecs } from './weights.ts';

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
