/** The weights of an untrained network, from a seed. */
import { type NdArray, real, sizeOf } from '../../tensor/array.ts';
import type { Random } from '../../tensor/random.ts';
import type { RapidashConfig } from './config.ts';
import { circleGrid, fibonacciGrid } from './grid.ts';
import { type Start, type WeightArrays, weightNames, weightSpecs } from './weights.ts';

/**
 * Weights as PyTorch's defaults would draw them: Linear weights and biases uniform in +-1/sqrt(fan in) (Kaiming uniform
 * with a = sqrt 5), norms 1 and 0, convolution biases 0. All are float32 numbers, so that both precisions run
 * the very same network and a float32 file stores it without loss.
 * @param grid [O, dim], or undefined for the default one; ignored when the network has no orientations
 */
export function initialWeights(config: RapidashConfig, random: Random, grid?: NdArray): WeightArrays {
  const weights: Record<string, NdArray> = {};
  for (const { name, shape, start } of weightSpecs(config)) {
    // A stream for each name: a weight's numbers do not depend on which others the options bring along.
    weights[name] = real(shape, draw(start, sizeOf(shape), random.stream('weights', name)));
  }
  const orientations = gridFor(config, grid);
  if (orientations) weights[weightNames(config).grid] = orientations;
  return weights;
}

/** The grid that is asked for, else the default one for the number of orientations; `undefined` without orientations. */
export function gridFor(
  { orientations, dim }: Pick<RapidashConfig, 'orientations' | 'dim'>,
  grid: NdArray | undefined,
): NdArray | undefined {
  if (orientations === 0) return undefined;
  return grid ?? (dim === 2 ? circleGrid(orientations) : fibonacciGrid(orientations));
}

function draw(start: Start, count: number, random: Random): Float64Array {
  const values = new Float64Array(count);
  if ('constant' in start) return values.fill(Math.fround(start.constant));
  const bound = 1 / Math.sqrt(start.fanIn);
  for (let i = 0; i < count; i++) values[i] = Math.fround((2 * random.uniform() - 1) * bound);
  return values;
}
