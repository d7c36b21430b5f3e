/** How PENG-CDE presents itself. Pure data: the language server loads it. */
import type { Axis, Field, Signature } from '../../signature.ts';
import type { FamilyDescription } from '../description.ts';
import { weightCount } from '../weights.ts';
import { forwardFlops } from './flops.ts';
import { pengCdeOptions } from './options.ts';
import { type PengCdeSpecification, specificationOf } from './specification.ts';
import { weightSpecs } from './weights.ts';

export const pengCde: FamilyDescription = {
  name: 'PENGCDE',
  doc: [
    'Permutation equivariant neural graph controlled differential equation: the state of the nodes follows an ordinary differential equation that the changing graph drives. The graph and its rate of change are fused by learnt combinations of the 15 linear maps of matrices that commute with relabelling.',
    '',
    'Exactly equivariant under permutations of the nodes, up to rounding, with steps of fixed length. The number of parameters does not depend on the number of nodes, and a trained network runs on graphs of any size. `vector_field: premult` is the parent model, which has neither property.',
    '',
    'Untrained weights are drawn from the seed as PyTorch would; the coefficients of the maps are uniform in +-1/15.',
  ].join('\n'),
  paper: {
    title:
      'Permutation Equivariant Neural Controlled Differential Equations for Dynamic Graph Representation Learning',
    authors: 'Torben Berndt, Benjamin Walker, Tiexin Qin, Jan Stühmer, Andrey Kormilitzin',
    year: 2025,
    link: 'https://arxiv.org/abs/2506.20324',
  },
  options: pengCdeOptions,
  signature: (options, fields) => signatureOf(specificationOf(options, fields)),
  parameterCount: (options, fields) => weightCount(weightSpecs(specificationOf(options, fields).shapes)),
  flops: (options, fields, sizes) => forwardFlops(specificationOf(options, fields), sizes),
};

/** Inputs: the fields that are read. Output: `prediction`; an axis of a single number is left out. */
export function signatureOf(specification: PengCdeSpecification): Signature {
  const { shapes, level, predict, nodeIndex, timeIndex, queries } = specification;
  const asked = queries?.type.axes[0] ?? { index: timeIndex };
  const axes: Axis[] = [
    ...(predict === 'trajectory' ? [asked] : []),
    ...(level === 'graph' ? [] : [{ index: nodeIndex }]),
    ...(level === 'link' ? [{ index: nodeIndex }] : []),
    ...(shapes.outputs > 1 ? [{ size: shapes.outputs }] : []),
  ];
  const prediction: Field = { name: 'prediction', type: { representation: { kind: 'scalar' }, axes } };
  const inputs = new Map(inputsOf(specification).map((field) => [field.name, field]));
  return { inputs: [...inputs.values()], outputs: [prediction] };
}

export function inputsOf(specification: PengCdeSpecification): Field[] {
  const { adjacency, times, initial, features, observed, observedFeatures, queries } = specification;
  const all = [adjacency, times, initial, features, observed, observedFeatures, queries];
  return all.flatMap((field) => field ?? []);
}
