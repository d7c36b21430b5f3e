/**
 * Does the model repeat itself? The first thing to know: the same input, moved by the identity, goes through a second
 * time in another batch. Dropout, unseeded samplers and neighbour caps show here, before they pass for a broken symmetry.
 */
import type { Finding } from '../fault.ts';
import type { Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { distance } from './gap.ts';
import { evaluatePairs, type Setting } from './pairs.ts';
import { short } from './verdict.ts';

/** Samples that are run a second time. */
const repeated = 8;

/** Relative difference from which on it is no reordering of sums any more. */
export const noiseThreshold = 1000 * 2 ** -24;

/** @returns for each output the largest distance between two runs of one sample, not yet relative. */
export async function repeatDistances(
  setting: Setting,
  base: readonly Values[],
  precision: Precision,
): Promise<ReadonlyMap<string, number>> {
  const { dataset, group, model } = setting;
  // In the reverse order, so that every sample has other neighbours than before.
  const samples = dataset.samples
    .slice(0, repeated)
    .map((_, i) => i)
    .reverse();
  const pairs = samples.map((sample) => ({
    sample,
    element: group.identity(dataset.samples[sample]!.sizes),
  }));
  const again = await evaluatePairs(setting, pairs, precision);
  return new Map(
    model.signature.outputs.map(({ name }) => [
      name,
      Math.max(0, ...samples.map((sample, i) => distance(again[i]![name]!, base[sample]![name]!))),
    ]),
  );
}

/** @param noisy outputs with their relative differences. */
export function repeatFindings(noisy: readonly { output: string; repeat: number }[]): Finding[] {
  const [worst] = noisy.filter(({ repeat }) => repeat > noiseThreshold).sort((a, b) => b.repeat - a.repeat);
  if (!worst) return [];
  return [
    {
      code: 'verify/not-repeatable',
      severity: 'warning',
      message: `the model does not repeat itself: \`${worst.output}\` differs by ${short(worst.repeat)} between two runs on the same input`,
      expected: 'the same numbers twice, up to rounding',
      found: `a relative difference of ${short(worst.repeat)}`,
      advice: 'Put it into evaluation mode (dropout off), and fix the seed of whatever it draws.',
    },
  ];
}
