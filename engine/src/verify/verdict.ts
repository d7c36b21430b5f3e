/**
 * From numbers to a word. The rounding floor is an interval around the gap: a gap is above the tolerance only when it
 * is above it by more than the floor, and below it only when the floor lets us see that low.
 */
import type { Verdict } from './verification.ts';

/** `within: auto` is this many floors. */
export const autoFactor = 10;

export interface Judged {
  readonly verdict: Verdict;
  readonly tolerance: number;
  /** One sentence. */
  readonly reason: string;
}

/**
 * @param gap largest relative gap seen
 * @param floor rounding, relative to the same scale
 * @param within declared tolerance, or 'auto'
 */
export function judge(gap: number, floor: number, within: number | 'auto'): Judged {
  const tolerance = within === 'auto' ? autoFactor * floor : within;
  const say = (verdict: Verdict, reason: string): Judged => ({ verdict, tolerance, reason });
  const inFloors = `${short(gap / floor)} x the rounding floor`;
  if (tolerance < floor) {
    // The arithmetic cannot resolve such a tolerance. What is far above the floor is no rounding all the same.
    if (gap > autoFactor * floor) return say('violated', `gap ${short(gap)} is ${inFloors} ${short(floor)}`);
    return say(
      'inconclusive',
      `the tolerance ${short(tolerance)} is below the rounding floor ${short(floor)}: this arithmetic cannot decide it`,
    );
  }
  if (gap <= tolerance) return say('holds', `gap ${short(gap)} is within ${short(tolerance)}`);
  if (gap - floor > tolerance)
    return say('violated', `gap ${short(gap)} is above ${short(tolerance)}, ${inFloors}`);
  return say(
    'inconclusive',
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
