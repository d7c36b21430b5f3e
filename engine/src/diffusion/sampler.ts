/** Heun's sampler for clouds of points, with some noise put back at every step (Karras et al. 2022, algorithm 2). */
import type { Random } from '../tensor/random.ts';
import { centredNoise } from './centred.ts';
import { type Levels, samplingLevels } from './edm.ts';

export interface SamplerOptions extends Levels {
  /** Noise that is put back, spread over the steps: 0 gives the deterministic sampler. */
  readonly churn: number;
}

/** Denoises clouds [n, dim] that have no mean, all at one noise level; the results have none either. */
export type DenoiseAll = (clouds: readonly Float64Array[], sigma: number) => Promise<Float64Array[]>;

export interface SampleRequest {
  readonly denoise: DenoiseAll;
  /** Points of each cloud to make. */
  readonly sizes: readonly number[];
  readonly dim: number;
  readonly options: SamplerOptions;
  /** Cloud i draws from its own stream: it does not depend on how many others are made. */
  readonly random: Random;
  onStep?(step: number): void;
  readonly signal?: AbortSignal;
}

/** @returns one centred cloud for each size. Calls `denoise` 2 steps - 1 times. Rejects with the signal's reason. */
export async function sampleClouds(request: SampleRequest): Promise<Float64Array[]> {
  const { denoise, sizes, dim, options, random, signal } = request;
  const levels = samplingLevels(options);
  const noise = (place: string, step: number): Float64Array[] =>
    sizes.map((rows, cloud) => centredNoise(random.stream(cloud, place, step), rows, dim));
  let x = noise('start', 0).map((cloud) => scaled(cloud, levels[0]!));
  const again = Math.min(options.churn / options.steps, Math.SQRT2 - 1);
  for (let step = 0; step < options.steps; step++) {
    signal?.throwIfAborted();
    const [level, next] = [levels[step]!, levels[step + 1]!];
    const raised = level * (1 + again);
    if (again > 0) {
      const added = Math.sqrt(raised ** 2 - level ** 2);
      const fresh = noise('churn', step);
      x = x.map((cloud, i) => combined(cloud, 1, fresh[i]!, added));
    }
    const slopes = slopesOf(x, await denoise(x, raised), raised);
    const ahead = x.map((cloud, i) => combined(cloud, 1, slopes[i]!, next - raised));
    if (next === 0) x = ahead;
    else {
      const later = slopesOf(ahead, await denoise(ahead, next), next);
      x = x.map((cloud, i) => combined(cloud, 1, combined(slopes[i]!, 0.5, later[i]!, 0.5), next - raised));
    }
    request.onStep?.(step + 1);
  }
  return x;
}

/** dx/dsigma = (x - D(x; sigma)) / sigma of each cloud. */
function slopesOf(
  x: readonly Float64Array[],
  denoised: readonly Float64Array[],
  sigma: number,
): Float64Array[] {
  return x.map((cloud, i) => combined(cloud, 1 / sigma, denoised[i]!, -1 / sigma));
}

function scaled(x: Float64Array, factor: number): Float64Array {
  return x.map((value) => factor * value);
}

function combined(a: Float64Array, onA: number, b: Float64Array, onB: number): Float64Array {
  return a.map((value, i) => onA * value + onB * b[i]!);
}
