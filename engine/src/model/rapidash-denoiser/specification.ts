/** From options and the data's fields to the network inside a denoiser. Pure. */
import { type Denoising, noiseLevel } from '../../diffusion/noise-level.ts';
import type { Field } from '../../signature.ts';
import type { Options } from '../description.ts';
import { readOptions } from '../options.ts';
import { type RapidashSpecification, specificationOf } from '../rapidash/specification.ts';
import { denoiserOptions, ownOptions } from './options.ts';

export interface DenoiserSpecification {
  /** The network F: it reads `noise_level` as its condition, and puts out one vector for each point. */
  readonly network: RapidashSpecification;
  /** Standard deviation of the clean data's coordinates. */
  readonly scale: number;
  /** The noise level of samples that tell none. */
  readonly noise: number;
  /** Whether the data tells the noise level of each sample. */
  readonly isToldNoise: boolean;
}

/** @throws Fault `model/…`, as Rapidash's own */
export function denoiserSpecification(options: Options, fields: readonly Field[]): DenoiserSpecification {
  const read = readOptions({ name: 'RapidashDenoiser', options: denoiserOptions }, options);
  const scale = read.number('data_scale')!;
  return {
    network: specificationOf(networkOptions(options), networkFields(fields)),
    scale,
    noise: scale * read.number('noise')!,
    isToldNoise: fields.some(({ name }) => name === noiseLevel.name),
  };
}

/** The options of the network, of which a denoiser leaves some no choice. */
export function networkOptions(options: Options): Options {
  const given = Object.entries(options).filter(([name]) => !ownOptions.has(name));
  return {
    ...Object.fromEntries(given),
    level: 'point',
    scalar_outputs: 0,
    vector_outputs: 1,
    condition: [noiseLevel.name],
  };
}

export function networkFields(fields: readonly Field[]): Field[] {
  return [...fields.filter(({ name }) => name !== noiseLevel.name), noiseLevel];
}

/** What training and sampling know of it. */
export function denoisingOf({ network, scale }: DenoiserSpecification): Denoising {
  const { positions } = network.inputs;
  return { field: positions, dim: network.config.dim, scale };
}
