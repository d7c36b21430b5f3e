/** Trained weights from a safetensors file, checked against the network. */
import type { NdArray } from '../../tensor/array.ts';
import { readWeights } from '../load-weights.ts';
import type { WeightArrays } from '../weights.ts';
import type { RapidashConfig } from './config.ts';
import { weightNames, weightSpecs } from './weights.ts';

/**
 * @param file path, or tensors by official name
 * @param grid the grid to use when the file has none
 * @throws Fault `data/…` when the file cannot be read, `model/weights-missing`, `model/weights-shape`,
 * `model/weights-unknown` when it belongs to another network.
 */
export function loadWeights(
  config: RapidashConfig,
  file: string | WeightArrays,
  grid: NdArray | undefined,
): WeightArrays {
  const names = weightNames(config);
  const shapes = new Map(weightSpecs(config).map(({ name, shape }) => [name, shape]));
  if (config.orientations > 0) shapes.set(names.grid, [config.orientations, config.dim]);
  return readWeights(file, { shapes, isUnused, ...(grid ? { defaults: { [names.grid]: grid } } : {}) });
}

/** What official files hold and nothing reads: the calibration flag, and the matrix for edge attributes. */
function isUnused(name: string): boolean {
  return name.endsWith('.callibrated') || name.endsWith('.pre_linear.weight');
}
