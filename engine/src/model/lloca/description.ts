/** How LLoCa presents itself. Pure data: the language server loads it. */
import type { Field, Signature } from '../../signature.ts';
import type { FamilyDescription } from '../description.ts';
import { weightCount } from '../weights.ts';
import type { LLoCaSpecification } from './config.ts';
import { forwardFlops } from './flops.ts';
import { llocaOptions } from './options.ts';
import { specificationOf } from './specification.ts';
import { weightSpecs } from './weights.ts';

export const lloca: FamilyDescription = {
  name: 'LLoCa',
  doc: [
    "Lorentz local canonicalisation: a small equivariant net predicts a frame for every particle, features are expressed in it, and any backbone works on what is then invariant. Messages between particles are re-expressed in the receiver's frame, so that four-vectors and tensors can be exchanged and not scalars alone.",
    '',
    'With `polar`, `minkowski` or `rest` frames it is exactly equivariant under the proper orthochronous Lorentz group, up to rounding, which grows with the square of the boost. Events in which the particles single out no frame (fewer than four particles without references, light-like or collinear vectors) get a fixed frame and no symmetry.',
    '',
    'Untrained weights are drawn from the seed as PyTorch would; pair masses and local momenta are standardised by numbers measured once, on the first sample where there is one, else on a random event. All of them are invariants, so this changes no symmetry.',
    '',
    'Operations are counted for the net of the frames, the linear maps, attention and messages, and the changes of frames.',
  ].join('\n'),
  paper: {
    title: 'Lorentz Local Canonicalization: How to Make Any Network Lorentz-Equivariant',
    authors:
      'Jonas Spinner, Luigi Favaro, Peter Lippmann, Sebastian Pitz, Gerrit Gerhartz, Tilman Plehn, Fred A. Hamprecht',
    year: 2025,
    link: 'https://arxiv.org/abs/2505.20280',
  },
  options: llocaOptions,
  // Its frames are computed in double precision on the host, from logits of the network.
  readsHalfway: true,
  signature: (options, fields) => signatureOf(specificationOf(options, fields)),
  parameterCount: (options, fields) => weightCount(weightSpecs(specificationOf(options, fields))),
  flops(options, fields, sizes) {
    const specification = specificationOf(options, fields);
    const { frames, backbone, transforms } = forwardFlops(specification, sizes[specification.index]!);
    return frames + backbone + transforms;
  },
};

/** Inputs: the fields that are read. Outputs: `scalars` and `vectors`; an axis of a single output is left out. */
export function signatureOf(specification: LLoCaSpecification): Signature {
  const { momenta, scalars, index, level, scalarOutputs, vectorOutputs } = specification;
  const particles = level === 'particle' ? [{ index }] : [];
  const several = (count: number) => (count > 1 ? [{ size: count }] : []);
  const outputs: Field[] = [];
  if (scalarOutputs > 0) {
    outputs.push({
      name: 'scalars',
      type: { representation: { kind: 'scalar' }, axes: [...particles, ...several(scalarOutputs)] },
    });
  }
  if (vectorOutputs > 0) {
    outputs.push({
      name: 'vectors',
      type: { representation: { kind: 'fourvector' }, axes: [...particles, ...several(vectorOutputs)] },
    });
  }
  const inputs = new Map([momenta, ...scalars].map((field) => [field.name, field]));
  return { inputs: [...inputs.values()], outputs };
}
