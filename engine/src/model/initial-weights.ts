/** The weights of an untrained network, from a seed. */
import { type NdArray, real, sizeOf } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import type { Start, WeightArrays, WeightSpec } from './weights.ts';

/**
 * Weights as PyTorch's defaults would draw them: Linear weights and biases uniform in +-1/sqrt(fan in) (Kaiming uniform
 * with a = sqrt 5). All are float32 numbers, so that both precisions run the very same network and a float32 file stores
 * it without loss.
 */
export function drawWeights(specs: readonly WeightSpec[], random: Random): WeightArrays {
  const weights: Record<string, NdArray> = {};
  for (const { name, shape, start } of specs) {
    // A stream for each name: a weight's numbers do not depend on which others the options bring along.
    weights[name] = real(shape, draw(start, sizeOf(shape), random.stream('weights', name)));
  }
  return weights;
}

function draw(start: Start, count: number, random: Random): Float64Array {
  const values = new Float64Array(count);
  if ('constant' in start) return values.fill(Math.fround(start.constant));
  if ('deviation' in start) return values.map(() => Math.fround(start.deviation * random.normal()));
  const bound = (start.gain ?? 1) / Math.sqrt(start.fanIn);
  for (let i = 0; i < count; i++) values[i] = Math.fround((2 * random.uniform() - 1) * bound);
  return values;
}
