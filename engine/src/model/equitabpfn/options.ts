/** The options of EquiTabPFN and of TabPFN, documented: pure data for the language, hovers and completion. */
import type { OptionDescription } from '../description.ts';
import { maskModes } from './config.ts';
import { tableOptions } from './table-options.ts';

export const equiTabPfnOptions: readonly OptionDescription[] = [
  ...tableOptions,
  {
    name: 'blocks',
    type: 'integer',
    default: 2,
    min: 1,
    max: 64,
    unit: 'blocks',
    doc: 'Blocks in a row, each with attention between the components of a row and attention between rows; 6 in the paper.',
  },
  {
    name: 'mask',
    type: 'choice',
    choices: maskModes,
    default: 'Bq2Bk',
    doc: 'What the components of a row do not see of each other; A is the covariates, B the classes, and `Bq2Bk` says that queries of B do not see keys of B. `Bq2Bk`: classes see the covariates alone, at a cost that grows with their number. `none`: all see all. `Bq2Ak`: classes see classes alone. `Aq2Bk`: covariates see no class. `ABq2Bk`: all see the covariates alone. All are equivariant.',
  },
  {
    name: 'decoder_hidden',
    type: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    unit: 'channels',
    doc: "Width of the decoder's perceptron; 512 in the paper.",
  },
];

const breaksClasses = 'breaks permutations of the classes';

export const tabPfnOptions: readonly OptionDescription[] = [
  ...tableOptions,
  {
    name: 'layers',
    type: 'integer',
    default: 4,
    min: 1,
    max: 128,
    unit: 'layers',
    doc: 'Layers of attention between rows; 12 in the paper.',
  },
  {
    name: 'classes',
    type: 'integer',
    default: 10,
    min: 1,
    max: 1000,
    unit: 'classes',
    doc: 'Classes that the network has weights for; tables may have fewer.',
  },
  {
    name: 'ensemble',
    type: 'choice',
    choices: ['none', 'random', 'all'],
    default: 'none',
    doc: 'Scores are averaged over orders of the classes. `random`: over `orders` of them, the given one and others drawn once and for all, which brings the network nearer to its symmetrisation. `all`: over every order of at most six classes, which is the symmetrisation and exact.',
    breaks: { none: breaksClasses, random: `${breaksClasses}, the less the more orders are averaged` },
  },
  {
    name: 'orders',
    type: 'integer',
    default: 8,
    min: 1,
    max: 1024,
    unit: 'orders',
    doc: 'Orders of `ensemble: random`. Each costs a pass through the network.',
  },
];
