/** Options of models beside those of their families. */
import type { LanguageOption } from './kinds.ts';

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
