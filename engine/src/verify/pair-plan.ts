/** Which pairs a check tries: drawn ones, every one of a small finite group, as many as a bound needs, or one to replay. */
import { Fault } from '../fault.ts';
import { elementsOf } from '../group/elements.ts';
import { type DrawnPair, pairOf, type Setting } from './pairs.ts';
import { checkElement } from './replay-element.ts';
import type { CheckOptions } from './verification.ts';

/** Pairs before the first look at whether it is decided; the looks get rarer by doubling. */
const firstLook = 64;

export interface PairPlan {
  readonly pairs: readonly DrawnPair[];
  /** Every element on every sample: nothing is left to chance. */
  readonly exact: boolean;
  /** Numbers of pairs after which it is looked whether a violation is certain; the last one is all of them. */
  readonly looks: readonly number[];
  /** The budget ends before the bound can be reached. */
  readonly short: boolean;
  /** Elements for each sample, at most. */
  readonly elements: number;
}

export function planPairs(setting: Setting, options: CheckOptions): PairPlan {
  const { elements, replay, share } = options;
  const { samples } = setting.dataset;
  if (replay) {
    const pairs = [replayed(setting, replay)];
    return { pairs, exact: false, looks: [1], short: false, elements: 1 };
  }
  const every = samples.map(({ sizes }) => {
    const all = elementsOf(setting.group, sizes, Math.max(1, elements));
    return all && all.length > 1 ? all : undefined;
  });
  if (every.every((all) => all !== undefined)) {
    const pairs = every.flatMap((all, sample) => all.map((element) => ({ sample, element })));
    const most = Math.max(...every.map((all) => all.length));
    return { pairs, exact: true, looks: [pairs.length], short: false, elements: most };
  }
  if (share === undefined) {
    const pairs = Array.from({ length: samples.length * elements }, (_, i) =>
      pairOf(setting, Math.floor(i / elements), i % elements),
    );
    return { pairs, exact: false, looks: [pairs.length], short: false, elements };
  }
  const needed = drawsFor(share, options.confidence);
  const wanted = Math.min(needed, options.budget ?? Infinity);
  const perSample = Math.ceil(wanted / samples.length);
  // All samples once before any of them twice, since it may end early.
  const pairs = Array.from({ length: perSample * samples.length }, (_, i) =>
    pairOf(setting, i % samples.length, Math.floor(i / samples.length)),
  );
  const looks: number[] = [];
  for (let look = firstLook; look < pairs.length; look *= 2) looks.push(look);
  return {
    pairs,
    exact: false,
    looks: [...looks, pairs.length],
    short: wanted < needed,
    elements: perSample,
  };
}

/** Draws without any exceedance that bound the share of exceedances: the n of (1 - share)^n = 1 - confidence. */
export function drawsFor(share: number, confidence: number): number {
  return Math.ceil(Math.log1p(-confidence) / Math.log1p(-share));
}

function replayed(setting: Setting, replay: NonNullable<CheckOptions['replay']>): DrawnPair {
  const { samples } = setting.dataset;
  const { sample } = replay;
  const chosen = samples[sample];
  if (!chosen) {
    throw new Fault({
      code: 'verify/replay-sample',
      message: `there is no sample ${sample} to replay`,
      expected: `0 to ${samples.length - 1}`,
      found: String(sample),
      advice: 'Take the sample and the draw from the report that named the worst case.',
    });
  }
  if (!('element' in replay)) return pairOf(setting, sample, replay.draw);
  checkElement(setting.group, replay.element, chosen.sizes);
  return { sample, element: replay.element };
}
