/**
 * The diffusion of Karras et al. 2022 ("Elucidating the Design Space of Diffusion-Based Generative Models"): how noise is scaled
 * around the network, which noise levels are trained on, and which ones the sampler goes through.
 */
import type { Random } from '../tensor/random.ts';

/** D(x; sigma) = skip x + out F(in x; level), and the factor on |D - y|^2 in the loss. Table 1, column "Ours". */
export interface Preconditioning {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  /** What the network F is told of the noise level: ln(sigma) / 4. */
  readonly level: number;
  readonly weight: number;
}

/**
 * @param sigma standard deviation of the noise in each coordinate, above 0
 * @param scale standard deviation of the clean data's coordinates, in the same unit
 */
export function preconditioning(sigma: number, scale: number): Preconditioning {
  const total = sigma ** 2 + scale ** 2;
  return {
    skip: scale ** 2 / total,
    out: (sigma * scale) / Math.sqrt(total),
    in: 1 / Math.sqrt(total),
    level: Math.log(sigma / scale) / 4,
    weight: total / (sigma * scale) ** 2,
  };
}

/** ln(sigma / scale) of the levels that are trained on is normal with this mean and deviation. */
export const trainedLevels = { mean: -1.2, deviation: 1.2 } as const;

/** A noise level to train on. */
export function drawLevel(random: Random, scale: number): number {
  return scale * Math.exp(trainedLevels.mean + trainedLevels.deviation * random.normal());
}

export interface Levels {
  /** Noise levels before the last one, which is 0. */
  readonly steps: number;
  readonly highest: number;
  readonly lowest: number;
  /** 1 spaces the levels evenly; the larger, the denser near the lowest. */
  readonly rho: number;
}

/** The levels that sampling goes through, falling, `steps` + 1 of them; equation 5. */
export function samplingLevels({ steps, highest, lowest, rho }: Levels): number[] {
  const [from, to] = [highest ** (1 / rho), lowest ** (1 / rho)];
  const levels = Array.from(
    { length: steps },
    (_, i) => (from + (i / Math.max(1, steps - 1)) * (to - from)) ** rho,
  );
  return [...levels, 0];
}
