/** Options of comparisons and discoveries. */
import { agreementVerdicts, outputActions } from '@noether/engine/catalog';
import { type LanguageOption, largestSeed, seconds } from './kinds.ts';

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
