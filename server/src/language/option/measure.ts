/** Options of benchmarks and claims. */
import { claimVerdicts } from '@noether/engine/catalog';
import { type LanguageOption, largestSeed, seconds } from './kinds.ts';

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
