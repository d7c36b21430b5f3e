/** A `train` block -> what is asked of the training. */
import { lossNames, type Schedule, type TrainOptions } from '@noether/engine/catalog';
import { listText } from './closest.ts';
import type { Entry, Train } from './generated/ast.ts';
import { trainOptions } from './option-descriptions.ts';
import { type ReadValue, readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { lossOf } from './read-loss.ts';

export interface TrainReading {
  readonly node: Train;
  /** `undefined` where there is no loss. */
  readonly options: TrainOptions | undefined;
  /** The path as written, relative to the specification. */
  readonly save: string | undefined;
  /** Seconds. */
  readonly timeLimit: number;
  /** Entries of the options that are given. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Reports `spec/…` and `group/…` problems; options with a problem take their defaults. */
export function readTrain(train: Train, report: Report = ignoreProblems): TrainReading {
  const { given, entries } = readOptions(train.entries, trainOptions, 'training', report);
  const values = withDefaults(trainOptions, given);
  if (!entries.has('loss') && train.$cstNode) {
    report({
      code: 'spec/no-loss',
      message: 'training needs a `loss`',
      expected: `one of ${listText(lossNames.map((name) => `${name}(FIELD)`))}`,
      advice: 'As in `loss: cross_entropy(part)`.',
      node: train,
      property: 'model',
    });
  }
  const loss = lossOf(given.loss === undefined ? undefined : entries.get('loss'));
  const number = (name: string): number => values[name] as number;
  const steps = number('steps');
  return {
    node: train,
    options: loss && {
      loss,
      standardise: values.standardise as boolean,
      steps,
      batch: number('batch'),
      rate: number('rate'),
      schedule: scheduleOf(values.schedule!),
      optimiser: values.optimiser as TrainOptions['optimiser'],
      decay: number('decay'),
      clip: number('clip'),
      average: number('average'),
      validation: number('validation'),
      test: number('test'),
      every: (values.every as number | undefined) ?? Math.max(1, Math.ceil(steps / 20)),
      patience: number('patience'),
      ...(values.augment === undefined ? {} : { augment: values.augment as TrainOptions['augment'] }),
      seed: number('seed'),
    },
    save: values.save as string | undefined,
    timeLimit: number('time'),
    entries,
  };
}

function scheduleOf(value: ReadValue): Schedule {
  if (typeof value !== 'object' || !('call' in value)) return { kind: 'constant' };
  const [first = 1, second = 1] = value.arguments as readonly number[];
  return value.call === 'cosine'
    ? { kind: 'cosine', warmup: first }
    : { kind: 'step', every: Math.max(1, first), factor: second };
}
