/** Measures the rounding of pairs: of some to know the usual one, and of those that look broken to know their own. */
import type { Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { type FloorMeter, leastFloors, perturbationMeter, twinMeter } from './floor.ts';
import { distance } from './gap.ts';
import { evaluatePairs, type Pair, type Setting, transformedOutputs } from './pairs.ts';
import { indexOfLargest, isViolated, median, suspects, type Tally } from './tally.ts';

/** Suspects that are measured at once, and how often that is done before the usual floor is given up. */
const suspectsAtOnce = 16;
const suspectRounds = 8;

/** The twin where the model has one beside its own precision. */
export function meterFor(setting: Setting, base: readonly Values[], native: Precision): FloorMeter {
  const twin = native === 'float32' && setting.model.precisions.includes('float64');
  if (!twin) return perturbationMeter(setting, base, native);
  return twinMeter(setting, base);
}

/** Fills `own` and `usual` of every tally. */
export async function measureFloors(
  setting: Setting,
  base: readonly Values[],
  meter: FloorMeter,
  tallies: readonly Tally[],
  pairs: readonly Pair[],
  within: number | 'auto',
  native: Precision,
): Promise<void> {
  const measure = (indices: readonly number[]) =>
    measurePairs(
      setting,
      base,
      meter,
      tallies,
      pairs,
      // Looked at before, in a check that goes on.
      [...new Set(indices)].filter((i) => tallies.some(({ own }) => !own.has(i))),
      native,
    );
  const spread = spreadOver(pairs, meter.usual);
  await measure([...spread, ...tallies.map(({ gaps }) => indexOfLargest(gaps))]);
  for (const tally of tallies) {
    const floors = spread.map((i) => tally.own.get(i)!.floor);
    tally.usual = Math.max(median(floors), tally.repeat, leastFloors[native]);
  }
  for (let round = 0; round < suspectRounds; round++) {
    const open = tallies.filter((tally) => !isViolated(tally, within));
    const next = open.flatMap((tally) => suspects(tally, within).slice(0, suspectsAtOnce));
    if (next.length === 0) return;
    await measure(next);
  }
  for (const tally of tallies) {
    if (isViolated(tally, within)) continue;
    // So many of the largest gaps were rounding that those below them are taken to be the same.
    if (suspects(tally, within).length > 0) {
      tally.usual = Math.max(tally.usual, ...[...tally.own.values()].map(({ floor }) => floor));
    }
  }
}

/** Some pairs, every sample once before any of them twice. */
function spreadOver(pairs: readonly Pair[], count: number): number[] {
  const seen = new Map<number, number>();
  const rank = pairs.map(({ sample }) => {
    const before = seen.get(sample) ?? 0;
    seen.set(sample, before + 1);
    return before;
  });
  return [...pairs.keys()].sort((a, b) => rank[a]! - rank[b]! || a - b).slice(0, count);
}

/**
 * The pairs are run again in another batch, and what that alone changes belongs to the floor: a model that does not
 * repeat itself cannot be judged more finely.
 */
async function measurePairs(
  setting: Setting,
  base: readonly Values[],
  meter: FloorMeter,
  tallies: readonly Tally[],
  pairs: readonly Pair[],
  indices: readonly number[],
  native: Precision,
): Promise<void> {
  const chosen = indices.map((number) => ({ ...pairs[number]!, number }));
  const results = await evaluatePairs(setting, chosen, native);
  const measured = await meter.measure(chosen, results);
  measured.forEach(({ floor, gap64 }, i) => {
    const { number, sample, element } = chosen[i]!;
    const moved = transformedOutputs(setting, element, base[sample]!);
    for (const { output, scale, gaps, own } of tallies) {
      const { name } = output;
      const again = distance(results[i]![name]!, moved[name]!) / scale;
      own.set(number, {
        floor: Math.max(floor[name]! / scale, Math.abs(again - gaps[number]!)),
        ...(gap64 ? { gap64: gap64[name]! / scale } : {}),
      });
    }
  });
}
