/** Tables whose target is a draw of a Gaussian process over normal features. */
import type { Random } from '../../tensor/random.ts';
import { logUniform } from './laws.ts';
import type { RealTable } from './network.ts';

export interface ProcessSettings {
  /** Variance of the kernel. */
  readonly scale: number;
  readonly length: number;
  /** Variance of the noise on each value. */
  readonly noise: number;
}

export function drawProcess(random: Random): ProcessSettings {
  const noises = [1e-5, 1e-4, 1e-2];
  return {
    scale: logUniform(random, 1e-5, 8),
    length: logUniform(random, 1e-5, 8),
    noise: noises[random.integer(noises.length)]!,
  };
}

/** y ~ N(0, K + noise I), K_ij = scale exp(-|x_i - x_j|^2 / (2 length^2)), x ~ N(0, I). Takes rows^3 / 3 operations. */
export function processTable(
  random: Random,
  { scale, length, noise }: ProcessSettings,
  rows: number,
  features: number,
): RealTable {
  const x = Float64Array.from({ length: rows * features }, () => random.normal());
  const covariance = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let square = 0;
      for (let k = 0; k < features; k++) square += (x[i * features + k]! - x[j * features + k]!) ** 2;
      covariance[i * rows + j] = scale * Math.exp(-square / (2 * length ** 2)) + (i === j ? noise : 0);
    }
  }
  factorise(covariance, rows);
  const draws = Float64Array.from({ length: rows }, () => random.normal());
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) y[i]! += covariance[i * rows + j]! * draws[j]!;
  }
  return { features, x, y };
}

/** Cholesky factor in place of the lower half. The noise of at least 1e-5 keeps the matrix far from singular in float64. */
function factorise(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
}
