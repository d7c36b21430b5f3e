/**
 * The worst case: beyond the draws, the gap is driven up over the group, from the worst draws of several samples. A small
 * finite group is tried in full; else it is a hill climb without derivatives on the Lie algebra, with a step that grows on
 * success and shrinks on failure. What it finds can break a verdict, but says nothing about how many elements are bad.
 */

import { elementsOf } from '../group/elements.ts';
import { act } from '../representation/index.ts';
import type { Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { FloorMeter } from './floor.ts';
import { distance } from './gap.ts';
import { neighbour } from './neighbour.ts';
import { evaluatePairs, type Pair, type Setting } from './pairs.ts';
import type { Tally } from './tally.ts';
import type { Measured } from './verdict.ts';

/** Further draws to choose from, in all; climbs, at most so many of one sample; candidates of one step; steps. */
const scouts = 512;
const starts = 8;
const startsOfSample = 3;
const candidates = 8;
const rounds = 40;
const firstStep = 0.25;
const lastStep = 5e-4;

/** Pairs up to which a finite group is tried in full. */
const mostPairs = 8192;
const chunkSize = 64;

export interface Found {
  readonly pair: Pair;
  readonly measured: Measured;
  /** Pairs that were evaluated for it. */
  readonly evaluations: number;
  /** Every element of the group was tried on every sample. */
  readonly exhaustive: boolean;
}

export interface SearchContext {
  readonly setting: Setting;
  readonly base: readonly Values[];
  readonly meter: FloorMeter;
  readonly native: Precision;
  readonly signal?: AbortSignal;
}

/** The largest gap of one output that the search comes upon, with its own rounding. */
export async function searchWorst(
  context: SearchContext,
  tally: Tally,
  drawn: readonly Pair[],
): Promise<Found> {
  const { setting, base, meter, native } = context;
  const all = everyPair(setting);
  const { pair, evaluations } = all ? await best(context, tally, all) : await climb(context, tally, drawn);
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

interface Best {
  readonly pair: Pair;
  readonly evaluations: number;
}

async function best(context: SearchContext, tally: Tally, pairs: readonly Pair[]): Promise<Best> {
  let worst = -1;
  let pair = pairs[0]!;
  for (let first = 0; first < pairs.length; first += chunkSize) {
    const chunk = pairs.slice(first, first + chunkSize);
    for (const [i, gap] of (await gapsOf(context, tally, chunk)).entries()) {
      if (gap > worst) [worst, pair] = [gap, chunk[i]!];
    }
  }
  return { pair, evaluations: pairs.length };
}

interface Climber {
  pair: Pair;
  gap: number;
  step: number;
  readonly random: Random;
}

async function climb(context: SearchContext, tally: Tally, drawn: readonly Pair[]): Promise<Best> {
  const { setting } = context;
  const { samples } = setting.dataset;
  const random = setting.random.stream('search', tally.output.name);
  const further = Array.from(
    { length: Math.ceil(scouts / samples.length) * samples.length },
    (_, i): Pair => {
      const sample = i % samples.length;
      return { sample, element: setting.group.sample(random.stream('scout', i), samples[sample]!.sizes) };
    },
  );
  const seen = [...drawn, ...further];
  const known = [...tally.gaps, ...(await gapsOf(context, tally, further))];
  const climbers: Climber[] = startsOf(known, seen).map((at) => ({
    pair: seen[at]!,
    gap: known[at]!,
    step: firstStep,
    random: random.stream('climb', at),
  }));
  let evaluations = further.length;
  for (let round = 0; round < rounds; round++) {
    const climbing = climbers.filter(({ step }) => step > lastStep);
    if (climbing.length === 0) break;
    const tried = climbing.flatMap(({ pair, step, random }) =>
      Array.from({ length: candidates }, (_, k) => ({
        sample: pair.sample,
        // Of several lengths, since the best one is not known.
        element: neighbour(setting.group, pair.element, step * 4 ** (k / (candidates - 1) - 0.5), random),
      })),
    );
    const gaps = await gapsOf(context, tally, tried);
    evaluations += tried.length;
    climbing.forEach((climber, c) => {
      let better = false;
      for (let k = c * candidates; k < (c + 1) * candidates; k++) {
        if (!(gaps[k]! > climber.gap)) continue;
        better = true;
        climber.gap = gaps[k]!;
        climber.pair = tried[k]!;
      }
      climber.step = better ? Math.min(0.5, climber.step * 1.5) : climber.step * 0.6;
    });
  }
  const top = climbers.reduce((a, b) => (b.gap > a.gap ? b : a));
  return { pair: top.pair, evaluations };
}

/** The worst draws, from several samples. */
function startsOf(gaps: readonly number[], pairs: readonly Pair[]): number[] {
  const taken = new Map<number, number>();
  return [...gaps.keys()]
    .sort((a, b) => gaps[b]! - gaps[a]!)
    .filter((at) => {
      const { sample } = pairs[at]!;
      const count = (taken.get(sample) ?? 0) + 1;
      taken.set(sample, count);
      return count <= startsOfSample;
    })
    .slice(0, starts);
}

async function gapsOf(
  { setting, base, native, signal }: SearchContext,
  { output, scale }: Tally,
  pairs: readonly Pair[],
): Promise<number[]> {
  const results = await evaluatePairs(setting, pairs, native);
  signal?.throwIfAborted();
  return pairs.map(({ sample, element }, i) => {
    const moved = act(element, base[sample]![output.name]!, output.type);
    return distance(results[i]![output.name]!, moved) / scale;
  });
}
