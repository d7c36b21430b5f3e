/**
 * The worst case: beyond the draws, the gap is driven up over the group, from the worst draws of several samples. A small
 * finite group is tried in full; else it is a climb on the Lie algebra (climb.ts). What it finds can break a verdict, but says
 * nothing about how many elements are bad.
 */

import { elementsOf } from '../group/elements.ts';
import { act } from '../representation/index.ts';
import { type Best, climb } from './climb.ts';
import { compared, type SearchContext } from './compared.ts';
import { distance } from './gap.ts';
import { evaluatePairs, type Pair, type Setting } from './pairs.ts';
import type { Tally } from './tally.ts';
import type { Measured } from './verdict.ts';

/** Pairs up to which a finite group is tried in full. */
const mostPairs = 8192;
const chunkSize = 64;

export interface Found {
  readonly pair: Pair;
  readonly measured: Measured;
  /** Pairs that were evaluated for it. */
  readonly evaluations: number;
  /** Gradients that the model was asked for; 0 where it has none, or the group no continuous directions. */
  readonly gradients: number;
  /** Every element of the group was tried on every sample. */
  readonly exhaustive: boolean;
}

/** The largest gap of one output that the search comes upon, with its own rounding. */
export async function searchWorst(
  context: SearchContext,
  tally: Tally,
  drawn: readonly Pair[],
): Promise<Found> {
  const { setting, base, meter, native } = context;
  const all = everyPair(setting);
  const asked = context.slopes.asked;
  const { pair, evaluations } = all ? await best(context, tally, all) : await climb(context, tally, drawn);
  const gradients = context.slopes.asked - asked;
  const [results] = [await evaluatePairs(setting, [pair], native)];
  const [own] = await meter.measure([{ ...pair, number: 0 }], results);
  const { name, type } = tally.output;
  const gap = distance(results[0]![name]!, act(pair.element, base[pair.sample]![name]!, type)) / tally.scale;
  const floor = Math.max(own!.floor[name]! / tally.scale, tally.usual);
  const gap64 = own!.gap64 && own!.gap64[name]! / tally.scale;
  return {
    pair,
    measured: { gap, floor, ...(gap64 === undefined ? {} : { gap64 }) },
    evaluations,
    gradients,
    exhaustive: all !== undefined,
  };
}

function everyPair({ group, dataset }: Setting): Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const [sample, { sizes }] of dataset.samples.entries()) {
    const elements = elementsOf(group, sizes, mostPairs - pairs.length);
    if (!elements) return undefined;
    pairs.push(...elements.map((element) => ({ sample, element })));
  }
  return pairs;
}

async function best(context: SearchContext, tally: Tally, pairs: readonly Pair[]): Promise<Best> {
  let worst = -1;
  let pair = pairs[0]!;
  for (let first = 0; first < pairs.length; first += chunkSize) {
    const chunk = pairs.slice(first, first + chunkSize);
    for (const [i, { gap }] of (await compared(context, tally, chunk)).entries()) {
      if (gap > worst) [worst, pair] = [gap, chunk[i]!];
    }
  }
  return { pair, evaluations: pairs.length };
}
