/** The weights of an untrained network, from a seed. */
import type { NdArray } from '../../tensor/array.ts';
import type { Random } from '../../tensor/random.ts';
import { drawWeights } from '../initial-weights.ts';
import type { WeightArrays } from '../weights.ts';
import type { RapidashConfig } from './config.ts';
import { circleGrid, fibonacciGrid } from './grid.ts';
import { weightNames, weightSpecs } from './weights.ts';

/**
 * Linear weights as PyTorch's defaults would draw them, norms 1 and 0, convolution biases 0.
 * @param grid [O, dim], or undefined for the default one; ignored when the network has no orientations
 */
export function initialWeights(config: RapidashConfig, random: Random, grid?: NdArray): WeightArrays {
  const weights = drawWeights(weightSpecs(config), random);
  const orientations = gridFor(config, grid);
  return orientations ? { ...weights, [weightNames(config).grid]: orientations } : weights;
}

/** The grid that is asked for, else the default one for the number of orientations; `undefined` without orientations. */
export function gridFor(
  { orientations, dim }: Pick<RapidashConfig, 'orientations' | 'dim'>,
  grid: NdArray | undefined,
): NdArray | undefined {
  if (orientations === 0) return undefined;
  return grid ?? (dim === 2 ? circleGrid(orientations) : fibonacciGrid(orientations));
}
