/**
 * From numbers to a word. The rounding floor is an interval around the gap: a gap is above the tolerance only when it
 * is above it by more than the floor, and below it only when the floor lets us see that low. Where the same pair was run
 * in float64, that gap has no such interval, and decides.
 */
import type { Verdict } from './verification.ts';

/** `within: auto` is this many floors: the largest rounding of a thousand pairs is three to four of the usual one. */
export const autoFactor = 10;

/** Rounding of the float64 twin relative to that of float32, with room to spare. */
const twinRounding = 2 ** -20;

export interface Measured {
  /** Relative gap. */
  readonly gap: number;
  /** Rounding, relative to the same scale. */
  readonly floor: number;
  /** The gap of the float64 twin, where there is one. */
  readonly gap64?: number;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly tolerance: number;
  /** One sentence. */
  readonly reason: string;
}

/** The tolerance on a gap with this floor. */
export function toleranceFor(floor: number, within: number | 'auto'): number {
  return within === 'auto' ? autoFactor * floor : within;
}

/** @param within declared tolerance, or 'auto' */
export function classify({ gap, floor, gap64 }: Measured, within: number | 'auto'): Verdict {
  const tolerance = toleranceFor(floor, within);
  const decisive = gap64 ?? gap;
  if (tolerance < floor) {
    // The arithmetic cannot resolve such a tolerance. What is far above the floor is no rounding all the same.
    return decisive > autoFactor * floor ? 'violated' : 'inconclusive';
  }
  if (decisive <= tolerance) return 'holds';
  return decisive - (gap64 === undefined ? floor : twinRounding * floor) > tolerance
    ? 'violated'
    : 'inconclusive';
}

/** The same with its reason. */
export function judge(measured: Measured, within: number | 'auto'): Judged {
  const { gap, floor, gap64 } = measured;
  const verdict = classify(measured, within);
  const tolerance = toleranceFor(floor, within);
  const say = (reason: string): Judged => ({ verdict, tolerance, reason });
  const inFloors = `${short(gap / floor)} x the rounding floor`;
  if (tolerance < floor) {
    return verdict === 'violated'
      ? say(`gap ${short(gap)} is ${inFloors} ${short(floor)}`)
      : say(
          `the tolerance ${short(tolerance)} is below the rounding floor ${short(floor)}: this arithmetic cannot decide it`,
        );
  }
  if (verdict === 'holds') {
    return gap <= tolerance || gap64 === undefined
      ? say(`gap ${short(gap)} is within ${short(tolerance)}`)
      : say(
          `gap ${short(gap64)} in float64 is within ${short(tolerance)}; ${short(gap)} in float32 is rounding`,
        );
  }
  if (verdict === 'violated') {
    return gap > tolerance
      ? say(`gap ${short(gap)} is above ${short(tolerance)}, ${inFloors}`)
      : say(`gap ${short(gap64!)} in float64 is above ${short(tolerance)}`);
  }
  return say(
    `gap ${short(gap)} is above ${short(tolerance)} by less than the rounding floor ${short(floor)}`,
  );
}

/** The worst of several: one violated output is enough, and one undecided one leaves the whole undecided. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('inconclusive') || verdicts.length === 0 ? 'inconclusive' : 'holds';
}

/** Two significant digits: 3.1e-7, 0.042, 12. */
export function short(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(2)));
  return value.toExponential(1).replace('e+', 'e');
}
