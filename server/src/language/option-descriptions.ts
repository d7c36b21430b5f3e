/**
 * The options of each block: data for interpretation, hovers, completion and the documentation. The options of model
 * families come from the engine; these are the language's own.
 */
import type { OptionDescription } from '@noether/engine/catalog';

/** A word that an option takes, with what it means. */
export interface Word {
  readonly name: string;
  readonly doc: string;
}

interface Described {
  readonly name: string;
  readonly doc: string;
  readonly unit?: string;
  readonly breaks?: undefined;
}

/** What the engine's options know, and three kinds that only the language has. */
export type LanguageOption =
  | OptionDescription
  /** A number, or a word in its place: `auto`. */
  | (Described & {
      readonly type: 'number or word';
      readonly words: readonly Word[];
      readonly default: number | string;
      readonly min?: number;
      readonly max?: number;
    })
  /** Names by names: `[atom: n_atoms]`. */
  | (Described & { readonly type: 'map'; readonly default: Readonly<Record<string, string>> })
  /** A function of one data field: `cross_entropy(part)`. */
  | (Described & {
      readonly type: 'function';
      readonly functions: readonly Word[];
      readonly default: undefined;
    });

const seconds = 'seconds';
const largestSeed = 2 ** 32 - 1;

/** Options of a `data` block; everything else in it is a field. */
export const dataOptions: readonly LanguageOption[] = [
  {
    name: 'samples',
    type: 'integer',
    default: 16,
    min: 1,
    unit: 'samples',
    doc: 'At most so many samples are used, from the first. A check draws its group elements anew for each sample.',
  },
  {
    name: 'skip',
    type: 'integer',
    default: 0,
    min: 0,
    unit: 'samples',
    doc: 'Samples to leave out at the start of the file.',
  },
  {
    name: 'sizes',
    type: 'map',
    default: {},
    doc: "For padded arrays: `sizes: [atom: n_atoms]` says that the file's array `n_atoms` holds, for each sample, how many entries of the index set `atom` are real. The rest is cut off.",
  },
];

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
    doc: 'Group elements drawn for each sample: Haar where the group is compact, from its declared range where not. The setting `noether.elements` changes the default.',
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
];

export const trainOptions: readonly LanguageOption[] = [
  {
    name: 'loss',
    type: 'function',
    functions: [
      { name: 'cross_entropy', doc: 'cross entropy against a category or label' },
      { name: 'mean_squared_error', doc: 'mean squared difference' },
      { name: 'mean_absolute_error', doc: 'mean absolute difference' },
    ],
    default: undefined,
    doc: 'What is minimised, and the data field that holds the target: `cross_entropy(part)`.',
  },
  {
    name: 'steps',
    type: 'integer',
    default: 300,
    min: 1,
    max: 100_000_000,
    unit: 'steps',
    doc: 'Steps of the optimiser; each takes one batch.',
  },
  { name: 'batch', type: 'integer', default: 16, min: 1, unit: 'samples', doc: 'Samples in one step.' },
  {
    name: 'rate',
    type: 'number',
    default: 1e-3,
    min: 0,
    max: 10,
    doc: 'Learning rate.',
  },
  {
    name: 'optimiser',
    type: 'choice',
    choices: ['adam', 'adamw', 'sgd'],
    default: 'adam',
    doc: 'How a gradient becomes a step.',
  },
  {
    name: 'validation',
    type: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    doc: 'Share of the samples that is held out and never trained on.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'Fixes the initial weights and the order of the batches.',
  },
  {
    name: 'save',
    type: 'file',
    default: undefined,
    doc: 'Where the weights go: a `.safetensors` file, relative to the specification.',
  },
  { name: 'time', type: 'number', default: 3600, min: 1, unit: seconds, doc: 'Wall-clock limit of the run.' },
];

export const benchmarkOptions: readonly LanguageOption[] = [
  { name: 'batch', type: 'integers', default: [1], min: 1, unit: 'samples', doc: 'Batch sizes to measure.' },
  {
    name: 'repeats',
    type: 'integer',
    default: 30,
    min: 3,
    max: 100_000,
    doc: 'Timed forwards of each model.',
  },
  {
    name: 'warmup',
    type: 'integer',
    default: 5,
    min: 0,
    max: 10_000,
    doc: 'Forwards before the clock starts.',
  },
  { name: 'time', type: 'number', default: 300, min: 1, unit: seconds, doc: 'Wall-clock limit.' },
];

export const claimOptions: readonly LanguageOption[] = [
  {
    name: 'samples',
    type: 'integer',
    default: 256,
    min: 1,
    unit: 'samples',
    doc: 'Samples for each measure.',
  },
  {
    name: 'confidence',
    type: 'number',
    default: 0.95,
    min: 0.5,
    max: 0.999999,
    doc: 'Confidence with which the comparison has to hold.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'Where the random numbers start.',
  },
];

/** An option of every model family, beside its own. */
export const familyOptions: readonly LanguageOption[] = [
  {
    name: 'weights',
    type: 'file',
    default: undefined,
    doc: 'Trained weights: a `.safetensors` file, relative to the specification. Without it the weights are random, from a fixed seed.',
  },
];
