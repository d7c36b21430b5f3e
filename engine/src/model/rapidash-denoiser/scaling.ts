/** From noisy clouds to what the network sees, and from its vectors to clean clouds. Host arithmetic in float64. */
import { centroidOf } from '../../diffusion/centred.ts';
import { type Preconditioning, preconditioning } from '../../diffusion/edm.ts';
import { noiseLevel } from '../../diffusion/noise-level.ts';
import { Fault } from '../../fault.ts';
import { real, type Values } from '../../tensor/array.ts';
import type { DenoiserSpecification } from './specification.ts';

/** One noisy cloud, about its centroid. */
export interface Noisy {
  readonly positions: Float64Array;
  readonly centroid: Float64Array;
  readonly scaling: Preconditioning;
  /** The network's input. */
  readonly input: Values;
}

/** @throws Fault `model/missing-input`, `model/input-value` */
export function noisyOf({ network, scale, noise }: DenoiserSpecification, values: Values): Noisy {
  const { name } = network.inputs.positions;
  const { dim } = network.config;
  const given = values[name];
  if (!given) {
    throw new Fault({
      code: 'model/missing-input',
      message: `RapidashDenoiser was not given its input \`${name}\``,
      expected: 'positions of points',
      found: 'nothing',
      advice: 'Give a value for every input of the signature.',
    });
  }
  const sigma = values[noiseLevel.name]?.data[0] ?? noise;
  if (!(sigma > 0)) {
    throw new Fault({
      code: 'model/input-value',
      message: `\`${noiseLevel.name}\` is ${sigma}, and a denoiser needs noise`,
      expected: 'a standard deviation above 0',
      found: String(sigma),
      advice: 'Give each sample the standard deviation of its noise, in the unit of the positions.',
    });
  }
  const scaling = preconditioning(sigma, scale);
  const centroid = centroidOf(given.data as Float64Array, dim);
  const positions = (given.data as Float64Array).map((value, i) => value - centroid[i % dim]!);
  const input = {
    ...values,
    [name]: real(
      given.shape,
      positions.map((value) => scaling.in * value),
    ),
    [noiseLevel.name]: real([], [scaling.level]),
  };
  return { positions, centroid, scaling, input };
}

/** What of the clean cloud does not depend on the network: centroid + (skip + out in) x, x about the centroid. */
export function knownPart({ positions, centroid, scaling }: Noisy): Float64Array {
  const dim = centroid.length;
  const factor = scaling.skip + scaling.out * scaling.in;
  return positions.map((value, i) => centroid[i % dim]! + factor * value);
}
