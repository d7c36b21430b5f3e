/** How the denoiser presents itself. Pure data: the language server loads it. */
import { denoisedName, noiseLevel } from '../../diffusion/noise-level.ts';
import type { Signature } from '../../signature.ts';
import type { FamilyDescription } from '../description.ts';
import { rapidash } from '../rapidash/description.ts';
import { parameterCountOf } from '../rapidash/weights.ts';
import { denoiserOptions } from './options.ts';
import {
  type DenoiserSpecification,
  denoiserSpecification,
  networkFields,
  networkOptions,
} from './specification.ts';

export const rapidashDenoiser: FamilyDescription = {
  name: 'RapidashDenoiser',
  doc: [
    "A generative model of point clouds: a Rapidash network that takes noise off, scaled as in EDM (Karras et al. 2022), trained by `loss: denoising(positions)` and sampled by `noether generate`. For a cloud x with noise of standard deviation s it gives D(x; s) = c_skip x + c_out F(c_in x; ln s), where F takes the network's vector at each point, less their mean, off c_in x. Everything is taken about the centroid, so that translations hold exactly; rotations hold as the network inside does.",
    '',
    'Further fields, such as categories of atoms, condition it: name them in `scalars` or `vectors`. Without any, all points are alike.',
  ].join('\n'),
  paper: rapidash.paper,
  options: denoiserOptions,
  signature: (options, fields) => denoiserSignature(denoiserSpecification(options, fields)),
  parameterCount: (options, fields) =>
    parameterCountOf(denoiserSpecification(options, fields).network.config),
  flops: (options, fields, sizes) => rapidash.flops!(networkOptions(options), networkFields(fields), sizes),
};

/** Inputs: what the network reads, the noise level only where the data tells it. Output: `denoised`, positions. */
export function denoiserSignature({ network, isToldNoise }: DenoiserSpecification): Signature {
  return {
    inputs: network.fields.filter(({ name }) => isToldNoise || name !== noiseLevel.name),
    outputs: [{ name: denoisedName, type: network.inputs.positions.type }],
  };
}
