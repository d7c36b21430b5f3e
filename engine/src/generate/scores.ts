/** How good made clouds are, beside clouds that training did not see. */
import type { Dataset } from '../data/dataset.ts';
import { centred } from '../diffusion/centred.ts';
import { Fault } from '../fault.ts';
import { type CloudComparison, compareClouds } from './compare-clouds.ts';
import type { Generated } from './generate.ts';

/** Plain JSON. */
export interface GenerationScores {
  /** Made clouds against held-out ones. */
  readonly made: CloudComparison;
  /** As many training samples against held-out ones: what a perfect model would have, but for chance. */
  readonly training: CloudComparison;
  /** Held-out clouds. */
  readonly heldOut: number;
}

/** @throws Fault `generate/nothing-held-out` */
export function scoreClouds(
  { clouds, field, dim }: Generated,
  { samples }: Dataset,
  split: Readonly<Record<'train' | 'validation' | 'test', readonly number[]>>,
): GenerationScores {
  const held = [...split.validation, ...split.test];
  if (held.length === 0) {
    throw new Fault({
      code: 'generate/nothing-held-out',
      message: 'the training held no samples out, so there is nothing to compare with',
      expected: '`test` or `validation` above 0 in the training',
      found: '0',
      advice: 'Set `test: 0.2` and train again, or leave --compare out.',
    });
  }
  const cloudAt = (index: number) => centred(samples[index]!.values[field]!.data as Float64Array, dim);
  const real = held.map(cloudAt);
  const made = clouds.map(({ positions }) => positions);
  const seen = split.train.slice(0, made.length).map(cloudAt);
  return {
    made: compareClouds(made, real, dim),
    training: compareClouds(seen, real, dim),
    heldOut: real.length,
  };
}
