/**
 * Driving the gap of one output up over the group, from the worst draws of several samples. Where the model knows its
 * gradients, most candidates of a step lie along the gradient of the squared gap, at several lengths; the others are random
 * neighbours, which move finite factors too and do not trust the gradient. Without gradients all are random. A step is taken
 * only where the model itself shows a larger gap, so a wrong gradient costs time and nothing else.
 */
import type { GroupElement } from '../group/group.ts';
import type { Random } from '../tensor/random.ts';
import { elementAt } from './chart.ts';
import { type Compared, compared, type SearchContext } from './compared.ts';
import { neighbour } from './neighbour.ts';
import type { Pair } from './pairs.ts';
import type { Tally } from './tally.ts';

/** Further draws to choose from, in all; climbs, at most so many of one sample; candidates of one step; steps. */
const scouts = 512;
const starts = 8;
const startsOfSample = 3;
const candidates = 8;
/** Those of them that lie along the gradient, where there is one. */
const uphill = 5;
const rounds = 40;
const firstStep = 0.25;
const longestStep = 0.5;
const lastStep = 5e-4;
/** Relative gain of a step up the gradient that is more than float32's rounding; what is less ends a climb sooner. */
const leastGain = 1e-6;

export interface Best {
  readonly pair: Pair;
  /** Pairs that were evaluated for it. */
  readonly evaluations: number;
}

interface Climber {
  at: Compared;
  /** Of the squared gap, in the coordinates of chart.ts; `null` until it is asked for. */
  slope: readonly number[] | undefined | null;
  step: number;
  readonly random: Random;
}

interface Candidate {
  readonly element: GroupElement;
  readonly length: number;
}

/** @param drawn the pairs that the tally's gaps belong to. */
export async function climb(context: SearchContext, tally: Tally, drawn: readonly Pair[]): Promise<Best> {
  const { setting, slopes } = context;
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
  const known = [...tally.gaps, ...(await compared(context, tally, further)).map(({ gap }) => gap)];
  const from = startsOf(known, seen);
  // Once more, since the slope needs what the model returned there.
  const first = await compared(
    context,
    tally,
    from.map((at) => seen[at]!),
  );
  const climbers = from.map(
    (at, i): Climber => ({
      at: first[i]!,
      slope: null,
      step: firstStep,
      random: random.stream('climb', at),
    }),
  );
  let evaluations = further.length + first.length;
  for (let round = 0; round < rounds; round++) {
    const climbing = climbers.filter(({ step }) => step > lastStep);
    if (climbing.length === 0) break;
    const unknown = climbing.filter(({ slope }) => slope === null);
    const found = await slopes.of(
      tally.output,
      unknown.map(({ at }) => at),
    );
    unknown.forEach((climber, i) => {
      climber.slope = found[i];
    });
    const choices = climbing.map((climber) => candidatesOf(context, climber));
    const tried = choices.flatMap((own, c) =>
      own.map(({ element }) => ({ sample: climbing[c]!.at.pair.sample, element })),
    );
    const results = await compared(context, tally, tried);
    evaluations += tried.length;
    climbing.forEach((climber, c) => {
      advance(climber, choices[c]!, results.slice(c * candidates, (c + 1) * candidates));
    });
  }
  const top = climbers.reduce((a, b) => (b.at.gap > a.at.gap ? b : a));
  return { pair: top.at.pair, evaluations };
}

function candidatesOf({ setting: { group } }: SearchContext, climber: Climber): Candidate[] {
  const { at, slope, step, random } = climber;
  const steepness = slope ? Math.hypot(...slope) : 0;
  const along = steepness > 0 ? uphill : 0;
  return Array.from({ length: candidates }, (_, k) => {
    if (k < along) {
      // Far apart, since the best length is not known and each is tried once: from 1/64 to 4 steps.
      const length = Math.min(longestStep, step * 4 ** (k + 2 - uphill));
      const u = slope!.map((x) => (x / steepness) * length);
      return { element: elementAt(group, at.pair.element, u), length };
    }
    const length = step * 4 ** (k / (candidates - 1) - 0.5);
    return { element: neighbour(group, at.pair.element, length, random), length };
  });
}

/** To the best candidate where one is better, and to the step of the next round. */
function advance(climber: Climber, tried: readonly Candidate[], results: readonly Compared[]): void {
  const { slope, step, at: before } = climber;
  let best = -1;
  for (const [k, { gap }] of results.entries()) {
    if (gap > climber.at.gap) {
      climber.at = results[k]!;
      best = k;
    }
  }
  const better = best >= 0;
  if (better) climber.slope = null;
  if (!slope) climber.step = better ? Math.min(longestStep, step * 1.5) : step * 0.6;
  else if (climber.at.gap <= before.gap * (1 + leastGain)) climber.step = step / 4;
  // The length that has proved right; a random neighbour that was better says nothing of lengths along the next slope.
  else if (best < uphill) climber.step = Math.max(2 * lastStep, tried[best]!.length);
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
