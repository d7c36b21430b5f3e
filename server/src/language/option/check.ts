/** Options of a check. */
import { softLossNames } from '@noether/engine/catalog';
import { type LanguageOption, largestSeed, lossWords, seconds } from './kinds.ts';

/** What `expect` may say. */
export const verdictWords = ['holds', 'violated', 'inconclusive'] as const;

export const checkOptions: readonly LanguageOption[] = [
  {
    name: 'within',
    type: 'number or word',
    words: [{ name: 'auto', doc: 'ten times the measured rounding floor' }],
    default: 'auto',
    min: 0,
    unit: "the output's root mean square",
    doc: 'The tolerance on the relative gap |f(g x) - g f(x)|. `auto` is ten times the rounding floor, which is measured. A tolerance below the floor gives `inconclusive`.',
  },
  {
    name: 'elements',
    type: 'integer',
    default: 64,
    min: 1,
    max: 1_000_000,
    unit: 'elements',
    doc: 'Group elements drawn for each sample: Haar where the group is compact, from its declared range where not. A finite group with no more elements than this is tried in full. The setting `noether.elements` changes the default.',
  },
  {
    name: 'confidence',
    type: 'number',
    default: 0.95,
    min: 0.5,
    max: 0.999999,
    doc: 'Confidence of the stated bound on the share of elements that exceed the tolerance.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'Where the random numbers start. The same seed gives the same elements, and so the same report.',
  },
  {
    name: 'share',
    type: 'number',
    default: undefined,
    min: 1e-6,
    max: 0.5,
    unit: 'of all pairs',
    doc: 'In the place of `elements`: draws go on until at most this share of pairs of a sample and an element can exceed the tolerance, at the stated confidence, or until a violation is certain.',
  },
  {
    name: 'budget',
    type: 'integer',
    default: 100_000,
    min: 1,
    max: 100_000_000,
    unit: 'pairs',
    doc: 'With `share`: pairs after which it is given up, and the check is inconclusive.',
  },
  {
    name: 'search',
    type: 'choice',
    choices: ['none', 'worst'],
    default: 'none',
    doc: 'What is done beyond the draws. `worst`: from the worst draws of several samples the gap is driven up over the group, or all elements are tried where they are few. What is found can break the verdict; the stated confidence is about the draws alone.',
  },
  {
    name: 'expect',
    type: 'choice',
    choices: verdictWords,
    default: 'holds',
    doc: 'The verdict that is wanted. `violated` records a known violation: the check then fails when the symmetry suddenly holds.',
  },
  {
    name: 'time',
    type: 'number',
    default: 60,
    min: 0.1,
    max: 86_400,
    unit: seconds,
    doc: 'Wall-clock limit of this check; it is ended after that. The setting `noether.timeLimit` changes the default.',
  },
  {
    name: 'soft',
    type: 'boolean',
    default: false,
    doc: 'Also says how much of the symmetry the model has: the spread of g^-1 f(g x) over the elements, how far f(x) is from their average, both with intervals. For models that are equivariant by training, together with a number as `within`.',
  },
  {
    name: 'loss',
    type: 'function',
    functions: lossWords.filter(({ name }) => (softLossNames as readonly string[]).includes(name)),
    default: undefined,
    doc: 'What the symmetry that is missing costs: the loss of the model over the elements minus that of its average, against the labels of a data field. `mse(normals)`. Implies `soft`.',
  },
];
