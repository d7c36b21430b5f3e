/**
 * The options of each block: data for interpretation, hovers, completion and the documentation. The options of model
 * families come from the engine; these are the language's own.
 */
import {
  agreementVerdicts,
  claimVerdicts,
  type OptionDescription,
  outputActions,
  softLossNames,
} from '@noether/engine/catalog';

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

/** What the engine's options know, and four kinds that only the language has. */
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
  /** A group, or several in brackets that stand for their product: `SE(3)`, `[SO(3), S(point)]`. */
  | (Described & { readonly type: 'group'; readonly default: undefined })
  /** A function of one data field: `cross_entropy(part)`. */
  | (Described & {
      readonly type: 'function';
      readonly functions: readonly Word[];
      readonly default: undefined;
    });

const seconds = 'seconds';
const largestSeed = 2 ** 32 - 1;

/** Losses, of trainings and of soft equivariance. */
const lossWords: readonly Word[] = [
  { name: 'cross_entropy', doc: 'cross entropy against a category or label' },
  { name: 'l1', doc: 'mean absolute difference' },
  { name: 'mse', doc: 'mean squared difference' },
  { name: 'huber', doc: 'half the squared difference up to 1, the absolute one less a half beyond' },
  {
    name: 'denoising',
    doc: 'the noise that a denoiser leaves on these positions, weighted as in EDM; noise is drawn anew in every step',
  },
];

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
  {
    name: 'snapshot',
    type: 'number',
    default: undefined,
    min: 1e-9,
    unit: "the file's unit of time",
    doc: 'For a list of contacts (`.contacts`, `.tij`), which needs it: how long the contacts are gathered to one graph. `3600` makes graphs of an hour where times are in seconds.',
  },
  {
    name: 'window',
    type: 'integer',
    default: 6,
    min: 2,
    unit: 'graphs',
    doc: 'With `snapshot`: graphs of one sample. The contacts of the graph after them are what can be predicted.',
  },
  {
    name: 'stride',
    type: 'integer',
    default: undefined,
    min: 1,
    unit: 'graphs',
    doc: 'With `snapshot`: graphs from the start of one sample to that of the next. Default: as many as `window`, so that samples do not overlap.',
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

export const trainOptions: readonly LanguageOption[] = [
  {
    name: 'loss',
    type: 'function',
    functions: lossWords,
    default: undefined,
    doc: 'What is minimised, and the data field that holds the target: `cross_entropy(part)`.',
  },
  {
    name: 'standardise',
    type: 'boolean',
    default: true,
    doc: 'Numbers are learnt as (target - mean) / deviation of the training samples; vectors are only divided by their size, since a mean vector would break rotations. Metrics are in the unit of the data all the same.',
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
  { name: 'rate', type: 'number', default: 1e-3, min: 0, max: 10, doc: 'Learning rate.' },
  {
    name: 'schedule',
    type: 'call',
    calls: [
      { name: 'constant', parameters: [], doc: 'The rate stays.' },
      {
        name: 'cosine',
        parameters: ['warmup'],
        doc: 'The rate rises over so many steps, then falls to 0 along half a cosine.',
      },
      {
        name: 'step',
        parameters: ['every', 'factor'],
        doc: 'The rate is multiplied after every so many steps.',
      },
    ],
    default: 'constant',
    doc: 'How the learning rate goes over the run.',
  },
  {
    name: 'optimiser',
    type: 'choice',
    choices: ['adamw', 'adam', 'sgd'],
    default: 'adamw',
    doc: 'How a gradient becomes a step, with the formulas of PyTorch. `adamw` takes the decay off the weights, the others add it to the gradient; `sgd` has a momentum of 0.9.',
  },
  { name: 'decay', type: 'number', default: 0, min: 0, max: 10, doc: 'Weight decay.' },
  {
    name: 'clip',
    type: 'number',
    default: 0,
    min: 0,
    doc: 'Largest norm of the whole gradient: a longer one is shortened to it. 0 lets all pass.',
  },
  {
    name: 'average',
    type: 'number',
    default: 0,
    min: 0,
    max: 0.999999,
    doc: 'Decay of a running average of the weights, which is then what is judged and saved. 0: none.',
  },
  {
    name: 'validation',
    type: 'number',
    default: 0.1,
    min: 0,
    doc: 'Samples held out to validate on: a share when below 1, else their number.',
  },
  {
    name: 'test',
    type: 'number',
    default: 0,
    min: 0,
    doc: 'Samples held out to test on, looked at once, after training: a share when below 1, else their number.',
  },
  {
    name: 'every',
    type: 'integer',
    default: undefined,
    min: 1,
    unit: 'steps',
    doc: 'Steps between two validations; a twentieth of all steps where it is not given.',
  },
  {
    name: 'patience',
    type: 'integer',
    default: 0,
    min: 0,
    unit: 'validations',
    doc: 'Training ends after so many validations without a better one, and keeps the best weights. 0: never.',
  },
  {
    name: 'augment',
    type: 'group',
    default: undefined,
    doc: 'Before each step every sample is moved by a random element of this group, inputs and target alike: `augment: SO(3)`.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'Fixes the initial weights, what is held out, the order of the batches and the augmentation.',
  },
  {
    name: 'save',
    type: 'file',
    default: undefined,
    doc: 'Where the weights go besides the cache: a `.safetensors` file, relative to the specification, with the official names. A file with other content is never replaced unasked.',
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
    doc: 'Timed passes of each model, in rounds in which every model has one turn.',
  },
  {
    name: 'warmup',
    type: 'integer',
    default: 5,
    min: 0,
    max: 10_000,
    doc: 'Passes before the clock starts.',
  },
  {
    name: 'training',
    type: 'boolean',
    default: true,
    doc: 'Also times a training step (forward and all gradients) of the models that can be trained.',
  },
  {
    name: 'time',
    type: 'number',
    default: 300,
    min: 1,
    unit: seconds,
    doc: 'Wall-clock limit; where it gets near, fewer passes are timed.',
  },
];

export const compareOptions: readonly LanguageOption[] = [
  {
    name: 'backends',
    type: 'choices',
    choices: [
      'auto',
      'tfjs_node_gpu',
      'tfjs_node',
      'webgpu',
      'wasm',
      'cpu',
      'onnxruntime_node',
      'onnxruntime_web',
    ],
    default: ['auto'],
    doc: 'Where float32 is run, each in a process of its own. `auto`: everywhere that the model can run here. Families and TensorFlow.js files run on the first five, ONNX files on the last two, Python models where Python does.',
  },
  {
    name: 'precisions',
    type: 'choices',
    choices: ['float32', 'float64'],
    default: ['float32', 'float64'],
    doc: 'What is compared. A model without float64 says so in the matrix.',
  },
  {
    name: 'within',
    type: 'number or word',
    words: [{ name: 'auto', doc: 'ten times the measured rounding floor' }],
    default: 'auto',
    min: 0,
    unit: "the output's root mean square",
    doc: 'The tolerance on the relative difference of two runs.',
  },
  {
    name: 'expect',
    type: 'choice',
    choices: agreementVerdicts,
    default: 'agree',
    doc: 'The verdict that is wanted. `differ` records a known difference.',
  },
  {
    name: 'time',
    type: 'number',
    default: 600,
    min: 1,
    unit: seconds,
    doc: 'Wall-clock limit of all runs together.',
  },
];

export const discoverOptions: readonly LanguageOption[] = [
  {
    name: 'outputs',
    type: 'choice',
    choices: outputActions,
    default: 'declared',
    doc: 'How outputs follow a symmetry. `declared`: by their types; outputs declared `constant` are fitted. `invariant`: not at all. `fitted`: linearly, by the best map, found on half of the samples and tested on the others.',
  },
  {
    name: 'within',
    type: 'number or word',
    words: [{ name: 'auto', doc: 'ten times the measured noise' }],
    default: 'auto',
    min: 0,
    unit: "the output's root mean square",
    doc: 'The tolerance on rates and gaps.',
  },
  {
    name: 'samples',
    type: 'integer',
    default: 64,
    min: 2,
    max: 4096,
    doc: 'At most so many samples of the data are looked at. Every other one is held out.',
  },
  {
    name: 'expect',
    type: 'group',
    default: undefined,
    doc: 'The largest group of the language that is wanted, `trivial` for none: `expect: [E(3), S(point)]`. Ranges do not matter. Without it any result is as expected that leaves nothing undecided.',
  },
  {
    name: 'confidence',
    type: 'number',
    default: 0.95,
    min: 0.5,
    max: 0.999999,
    doc: 'Of the bound on the share of elements that break.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'Fixes the elements that are drawn.',
  },
  {
    name: 'time',
    type: 'number',
    default: 600,
    min: 1,
    unit: seconds,
    doc: 'Wall-clock limit.',
  },
];

export const claimOptions: readonly LanguageOption[] = [
  {
    name: 'seeds',
    type: 'integer',
    default: 3,
    min: 1,
    max: 1000,
    doc: 'Number of seeds. Every trained model of the claim is trained anew with each of them, and the comparison is made seed by seed.',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    min: 0,
    max: largestSeed,
    doc: 'The first of the seeds; the others follow it.',
  },
  {
    name: 'confidence',
    type: 'number',
    default: 0.95,
    min: 0.5,
    max: 0.999999,
    doc: "Confidence of the interval (Student's t over the seeds) that has to lie on the claimed side.",
  },
  {
    name: 'expect',
    type: 'choice',
    choices: claimVerdicts,
    default: 'holds',
    doc: 'The verdict that is wanted. `fails` records a claim that does not hold.',
  },
  {
    name: 'time',
    type: 'number',
    default: 7200,
    min: 1,
    unit: seconds,
    doc: 'Wall-clock limit, trainings included.',
  },
];

/** Options of a model `from python`. */
export const pythonOptions: readonly LanguageOption[] = [
  {
    name: 'checkpoint',
    type: 'file',
    default: undefined,
    doc: 'A file that the callable is given the path of: `build(checkpoint)`. Relative to the specification.',
  },
  {
    name: 'python',
    type: 'file',
    default: undefined,
    doc: 'The interpreter, or the folder of its environment, relative to the specification; or a command such as `"python3.12"`. Default: the setting `noether.python`, else a `.venv` beside the specification or above it, else the PATH.',
  },
  {
    name: 'folder',
    type: 'file',
    default: undefined,
    doc: 'The folder that imports start from, relative to the specification. Default: the folder of the specification.',
  },
  {
    name: 'batch',
    type: 'boolean',
    default: false,
    doc: 'Inputs get a batch axis in front, and outputs have one. Without it the model is called for one sample at a time.',
  },
  {
    name: 'precision',
    type: 'choice',
    choices: ['auto', 'float32', 'float64'],
    default: 'auto',
    doc: 'What the model computes in. `auto`: what its weights are in, and in float64 beside it where that works, to measure the rounding floor.',
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
