/** How EquiTabPFN and TabPFN present themselves. Pure data: the language server loads it. */
import type { FamilyDescription } from '../description.ts';
import { weightCount } from '../weights.ts';
import { forwardFlops } from './flops.ts';
import { equiTabPfnOptions, tabPfnOptions } from './options.ts';
import { type Network, specificationOf, specsOf } from './specification.ts';
import { tableSignature } from './table-fields.ts';

export const equiTabPfn: FamilyDescription = {
  name: 'EquiTabPFN',
  doc: [
    'A classifier of tables that learns in its context: labelled rows and rows to be classified go in, class scores come out, and no weight changes. Every class has a token of its own beside the covariates of a row, so that one set of weights takes any number of classes.',
    '',
    'Exactly equivariant under permutations of the classes and of the queries, invariant under permutations of the labelled rows, up to rounding. A query does not depend on the others. The order of the features is no symmetry: the encoder has weights for each. Adding a class that no row has changes predictions.',
    '',
    'Untrained weights are drawn from the seed as the official code does. Tables that are too large for memory at once are worked off in pieces.',
    '',
    'Operations are counted for the linear maps and the attention; norms and activations are left out.',
  ].join('\n'),
  paper: {
    title: 'EquiTabPFN: A Target-Permutation Equivariant Prior Fitted Network',
    authors: 'Michael Arbel, David Salinas, Frank Hutter',
    year: 2025,
    link: 'https://arxiv.org/abs/2502.06684',
  },
  options: equiTabPfnOptions,
  ...shared('EquiTabPFN'),
};

export const tabPfn: FamilyDescription = {
  name: 'TabPFN',
  doc: [
    'A network in the way of TabPFN, of the same parts as EquiTabPFN, to compare with: one token for each row of a table, and a column of weights for each class.',
    '',
    '**Not equivariant under permutations of the classes**: renaming them changes more than the names of the predictions, and tables cannot have more classes than there are weights for. `ensemble` averages over orders of the classes, which brings the network nearer to equivariance at the price of one pass for each; over all orders it is exact.',
    '',
    'Invariant under permutations of the labelled rows, equivariant under those of the queries. Not a copy of the published network: official weights do not fit.',
  ].join('\n'),
  paper: {
    title: 'TabPFN: A Transformer That Solves Small Tabular Classification Problems in a Second',
    authors: 'Noah Hollmann, Samuel Müller, Katharina Eggensperger, Frank Hutter',
    year: 2023,
    link: 'https://arxiv.org/abs/2207.01848',
  },
  options: tabPfnOptions,
  ...shared('TabPFN'),
};

function shared(family: Network['kind']): Pick<FamilyDescription, 'signature' | 'parameterCount' | 'flops'> {
  return {
    signature: (options, fields) => tableSignature(specificationOf(family, options, fields).fields),
    parameterCount: (options, fields) => weightCount(specsOf(specificationOf(family, options, fields))),
    flops: (options, fields, sizes) => forwardFlops(specificationOf(family, options, fields), sizes),
  };
}
