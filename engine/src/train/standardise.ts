/** Targets of mean 0 and deviation 1: what a network with fresh weights predicts best. */
import type { Sample } from '../data/dataset.ts';
import { type Target, targetValues } from './target.ts';
import type { Standardisation } from './training.ts';

/**
 * Mean and deviation of each column for scalars; for everything that a group turns, no mean, and one root mean square for
 * all columns. A constant column keeps its size.
 */
export function standardisationOf(target: Target, samples: readonly Sample[]): Standardisation {
  const values = targetValues(target, samples);
  const { width, invariant } = target;
  const rows = values.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  if (invariant) for (const [i, value] of values.entries()) mean[i % width]! += value / rows;
  for (const [i, value] of values.entries()) square[i % width]! += (value - mean[i % width]!) ** 2 / rows;
  const common = square.reduce((sum, value) => sum + value / width, 0);
  const deviation = Array.from(square, (value) => Math.sqrt(invariant ? value : common) || 1);
  return { mean: Array.from(mean), deviation };
}

/** (values - mean) / deviation, [rows, width]. */
export function standardised(values: Float64Array, { mean, deviation }: Standardisation): Float64Array {
  const width = mean.length;
  return values.map((value, i) => (value - mean[i % width]!) / deviation[i % width]!);
}

/** mean + deviation * values, [rows, width]. */
export function restored(values: Float64Array, { mean, deviation }: Standardisation): Float64Array {
  const width = mean.length;
  return values.map((value, i) => mean[i % width]! + deviation[i % width]! * value);
}
