/** How Rapidash presents itself. Pure data: the language server loads it. */
import type { Field, Signature } from '../../signature.ts';
import type { FamilyDescription } from '../description.ts';
import { forwardFlops } from './flops.ts';
import { rapidashOptions } from './options.ts';
import { type RapidashSpecification, specificationOf } from './specification.ts';
import { parameterCountOf } from './weights.ts';

export const rapidash: FamilyDescription = {
  name: 'Rapidash',
  doc: [
    'One group-convolution network for point clouds, from translations to SE(3): a depthwise-separable convolution whose kernels are a small net of what a pair of points has in common under the group. The invariants decide the symmetry; blocks and widths stay the same, so that comparisons are fair. Extra geometric inputs break the symmetry on purpose.',
    '',
    'With distances only (`space: R3`) it is exactly E(3)-invariant; on `R3xS2` rotations hold up to the error of the finite grid of orientations. Weights are drawn from the seed as PyTorch would, and the kernels are then rescaled once, as in the original, so that signals keep their size through the network: on the first sample of the data where there is one, else on a random cloud of 32 points (at most 64 points are used). The rescaled weights are the same for every later input, so this changes no symmetry. Trained weights are used as they are.',
    '',
    'The parameter count covers what takes part in the computation. Published counts of the original also include a square `pre_linear` matrix for each block that is never used without edge attributes.',
  ].join('\n'),
  paper: {
    title: 'Probing Equivariance and Symmetry Breaking in Convolutional Networks',
    authors:
      'Sharvaree Vadgama, Mohammad Mohaiminul Islam, Domas Buracas, Christian Shewmake, Artem Moskalev, Erik J. Bekkers',
    year: 2025,
    link: 'https://arxiv.org/abs/2501.01999',
  },
  options: rapidashOptions,
  signature: (options, fields) => signatureOf(specificationOf(options, fields)),
  parameterCount: (options, fields) => parameterCountOf(specificationOf(options, fields).config),
  flops: (options, fields, sizes) => {
    const { config, inputs } = specificationOf(options, fields);
    const { products, messages } = forwardFlops(config, sizes[inputs.index] ?? 0);
    return products + messages;
  },
};

/** Inputs: the fields that are read. Outputs: `scalars` and `vectors`; an axis of a single output is left out. */
export function signatureOf({ config, inputs, fields }: RapidashSpecification): Signature {
  const points = config.level === 'point' ? [{ index: inputs.index }] : [];
  const several = (count: number) => (count > 1 ? [{ size: count }] : []);
  const outputs: Field[] = [];
  if (config.scalarOutputs > 0) {
    outputs.push({
      name: 'scalars',
      type: { representation: { kind: 'scalar' }, axes: [...points, ...several(config.scalarOutputs)] },
    });
  }
  if (config.vectorOutputs > 0) {
    outputs.push({
      name: 'vectors',
      type: {
        representation: { kind: 'vector', dim: config.dim },
        axes: [...points, ...several(config.vectorOutputs)],
      },
    });
  }
  return { inputs: fields, outputs };
}
