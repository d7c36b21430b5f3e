/** What has been accepted of a check, and whether a result is worse than that. */
import type { Verdict, Verification } from '@noether/engine/catalog';

/** A result that was accepted: `noether baseline` writes it beside the specification. */
export interface Accepted {
  readonly verdict: Verdict;
  /** The largest gap of each output. */
  readonly gaps: Readonly<Record<string, number>>;
}

export type Standing = 'accepted' | 'worse';

/** Gaps that differ by less are the same: another machine rounds differently. */
const slack = 1.05;
const floors = 10;

const ranks: Readonly<Record<Verdict, number>> = { holds: 0, inconclusive: 1, violated: 2 };

/**
 * How a result that is not the expected one stands to what was accepted; `undefined` where it is the expected one, or
 * nothing was accepted.
 */
export function standingOf(
  { verdict, outputs }: Verification,
  expect: Verdict,
  accepted: Accepted | undefined,
): Standing | undefined {
  if (!accepted || verdict === expect) return undefined;
  const noWorse = outputs.every(({ output, largestGap, floor }) => {
    const before = accepted.gaps[output];
    return before !== undefined && largestGap <= Math.max(slack * before, before + floors * floor);
  });
  return ranks[verdict] <= ranks[accepted.verdict] && noWorse ? 'accepted' : 'worse';
}

/** Whether a result is one to be content with: the expected one, or one that was accepted. */
export function isContent(
  verification: Verification,
  expect: Verdict,
  accepted: Accepted | undefined,
): boolean {
  return verification.verdict === expect || standingOf(verification, expect, accepted) === 'accepted';
}
