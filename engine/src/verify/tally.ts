/** The gaps of one output over the pairs of a check, each held against the rounding of its own pair. */
import type { Field } from '../signature.ts';
import { classify, type Measured, toleranceFor } from './verdict.ts';
import type { Verdict } from './verification.ts';

/** All numbers are relative to `scale`. */
export interface Tally {
  readonly output: Field;
  readonly scale: number;
  readonly gaps: number[];
  /** Floor and float64 gap of the pairs that were measured, by their place in `gaps`. */
  readonly own: Map<number, { readonly floor: number; readonly gap64?: number }>;
  /** The rounding that any pair has at least: the median of the measured ones, and what the model does not repeat. */
  usual: number;
  readonly repeat: number;
}

/** Rounding differs from pair to pair; a lucky pair is not believed to have less than the usual one. */
export function measuredAt(tally: Tally, index: number): Measured {
  const gap = tally.gaps[index]!;
  const own = tally.own.get(index);
  if (!own) return { gap, floor: tally.usual };
  const floor = Math.max(own.floor, tally.usual);
  return own.gap64 === undefined ? { gap, floor } : { gap, floor, gap64: own.gap64 };
}

export function verdictAt(tally: Tally, index: number, within: number | 'auto'): Verdict {
  return classify(measuredAt(tally, index), within);
}

/** Whether one of the pairs whose own rounding is known is violated. */
export function isViolated(tally: Tally, within: number | 'auto'): boolean {
  return [...tally.own.keys()].some((i) => verdictAt(tally, i, within) === 'violated');
}

/** How far above its tolerance a pair is, as a factor. */
export function excessAt(tally: Tally, index: number, within: number | 'auto'): number {
  const { gap, gap64, floor } = measuredAt(tally, index);
  return (gap64 ?? gap) / toleranceFor(floor, within);
}

/**
 * The pair that the verdict rests on: the worst of the violated ones, else of the undecided ones, those first whose own
 * rounding is known; the one with the largest gap when all hold.
 */
export function decidingPair(tally: Tally, within: number | 'auto'): number {
  const rank: Readonly<Record<Verdict, number>> = { holds: 0, inconclusive: 1, violated: 2 };
  let best = 0;
  let bestRank = -1;
  let bestSize = -1;
  for (let i = 0; i < tally.gaps.length; i++) {
    const verdict = rank[verdictAt(tally, i, within)];
    const own = verdict === 0 ? 0 : 2 * verdict + (tally.own.has(i) ? 1 : 0);
    const size = own === 0 ? tally.gaps[i]! : excessAt(tally, i, within);
    if (own < bestRank || (own === bestRank && size <= bestSize)) continue;
    [best, bestRank, bestSize] = [i, own, size];
  }
  return best;
}

/** Pairs above their tolerance whose own rounding is not known yet, the largest gaps first. */
export function suspects(tally: Tally, within: number | 'auto'): number[] {
  const tolerance = toleranceFor(tally.usual, within);
  return [...tally.gaps.keys()]
    .filter((i) => tally.gaps[i]! > tolerance && !tally.own.has(i))
    .sort((a, b) => tally.gaps[b]! - tally.gaps[a]!);
}

export function countAbove(tally: Tally, within: number | 'auto'): number {
  let count = 0;
  for (let i = 0; i < tally.gaps.length; i++) {
    const { gap, gap64, floor } = measuredAt(tally, i);
    if ((gap64 ?? gap) > toleranceFor(floor, within)) count++;
  }
  return count;
}

export function indexOfLargest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
