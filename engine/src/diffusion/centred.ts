/** Clouds of points about their centroid: diffusion moves within the clouds without a mean, on which translations do nothing. */
import type { Random } from '../tensor/random.ts';

/** Mean of the rows of x [n, dim]. */
export function centroidOf(x: Float64Array, dim: number): Float64Array {
  const mean = new Float64Array(dim);
  const rows = x.length / dim;
  x.forEach((value, i) => {
    mean[i % dim]! += value / rows;
  });
  return mean;
}

/** The rows of x [n, dim] less their mean. */
export function centred(x: Float64Array, dim: number): Float64Array {
  const mean = centroidOf(x, dim);
  return x.map((value, i) => value - mean[i % dim]!);
}

/** Standard normal numbers [rows, dim], less their mean over the rows. */
export function centredNoise(random: Random, rows: number, dim: number): Float64Array {
  return centred(
    Float64Array.from({ length: rows * dim }, () => random.normal()),
    dim,
  );
}
