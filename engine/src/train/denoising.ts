/** Samples with noise on them, for training denoisers (Karras et al. 2022, equation 2): noise about the centroid. */
import type { Sample } from '../data/dataset.ts';
import { centredNoise } from '../diffusion/centred.ts';
import { drawLevel, preconditioning } from '../diffusion/edm.ts';
import { type Denoising, noiseLevel } from '../diffusion/noise-level.ts';
import { real, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';

/** A sample whose positions are noisy. */
export interface NoisySample extends Sample {
  /** The positions without noise: the target. */
  readonly clean: Float64Array;
  readonly sigma: number;
  /** The factor of this sample's squared error in the loss. */
  readonly weight: number;
}

/** Noisy copies of a held-out sample: levels differ, and one would say little. */
export const heldOutCopies = 4;

/** @param random a stream of this sample and use alone */
export function withNoise({ field, dim, scale }: Denoising, sample: Sample, random: Random): NoisySample {
  const sigma = drawLevel(random, scale);
  const { shape, data } = sample.values[field.name]!;
  const clean = data as Float64Array;
  const noise = centredNoise(random, clean.length / dim, dim);
  const noisy = clean.map((value, i) => value + sigma * noise[i]!);
  return {
    ...sample,
    values: { ...sample.values, [field.name]: real(shape, noisy) },
    clean,
    sigma,
    weight: preconditioning(sigma, scale).weight,
  };
}

export function isNoisy(sample: Sample): sample is NoisySample {
  return 'clean' in sample;
}

/** What a denoiser is told beside its inputs. */
export function noiseOf(sample: Sample): Values {
  return isNoisy(sample) ? { [noiseLevel.name]: real([], [sample.sigma]) } : {};
}

/** A factor for each row of the target, [rows, 1]; undefined where all are 1. */
export function rowWeights(samples: readonly Sample[], width: number): Float64Array | undefined {
  if (!samples.some(isNoisy)) return undefined;
  return Float64Array.from(
    (samples as readonly NoisySample[]).flatMap(({ clean, weight }) =>
      Array<number>(clean.length / width).fill(weight),
    ),
  );
}
