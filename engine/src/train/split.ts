/** Which samples are trained on, validated on and tested on. */
import { Fault } from '../fault.ts';
import type { Random } from '../tensor/random.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import type { TrainOptions } from './training.ts';

/** Indices into the dataset's samples; the three have no sample in common. */
export interface Split {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/**
 * A random split, the same for the same seed and number of samples. Shares are rounded, and a share above 0 gives at
 * least one sample.
 * @throws Fault `train/no-samples` when nothing is left to train on
 */
export function splitOf(
  samples: number,
  { validation, test, seed }: Pick<TrainOptions, 'validation' | 'test' | 'seed'>,
): Split {
  const count = (part: number): number =>
    part === 0 ? 0 : part < 1 ? Math.max(1, Math.round(part * samples)) : part;
  const forValidation = count(validation);
  const forTest = count(test);
  const left = samples - forValidation - forTest;
  if (left < 1) {
    throw new Fault({
      code: 'train/no-samples',
      message: `no sample is left to train on: of ${samples}, ${forValidation} are held out for validation and ${forTest} for testing`,
      expected: 'at least one sample',
      found: `${left}`,
      advice: 'Use more samples, or hold out fewer with `validation` and `test`.',
    });
  }
  const order = splitRandom(seed).permutation(samples);
  return {
    test: order.slice(0, forTest),
    validation: order.slice(forTest, forTest + forValidation),
    train: order.slice(forTest + forValidation),
  };
}

function splitRandom(seed: number): Random {
  return randomFromSeed(seed).stream('train', 'split');
}
