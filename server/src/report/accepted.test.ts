import type { Verdict } from '@noether/engine/catalog';
import { expect, it } from 'vitest';
import { type Accepted, isContent, standingOf } from './accepted.ts';
import { testOutcome, testOutput, violatedOutput } from './testing/reports.ts';

const now = (verdict: Verdict, gap: number) =>
  testOutcome(verdict, [testOutput({ ...violatedOutput, verdict, gap, largestGap: gap, floor: 1e-7 })])
    .verification!;
const before = (verdict: Verdict, gap: number): Accepted => ({ verdict, gaps: { energy: gap } });

it.each([
  ['violated', 0.31, before('violated', 0.31), 'accepted'],
  ['violated', 0.32, before('violated', 0.31), 'accepted'],
  ['violated', 0.33, before('violated', 0.31), 'worse'],
  ['violated', 0.1, before('violated', 0.31), 'accepted'],
  // Ten floors may come and go.
  ['violated', 2.9e-6, before('violated', 2e-6), 'accepted'],
  ['violated', 3.1e-6, before('violated', 2e-6), 'worse'],
  ['violated', 0.1, before('inconclusive', 0.31), 'worse'],
  ['inconclusive', 0.1, before('violated', 0.31), 'accepted'],
  ['violated', 0.31, { verdict: 'violated', gaps: { other: 1 } }, 'worse'],
  ['violated', 0.31, undefined, undefined],
  ['holds', 1e-7, before('violated', 0.31), undefined],
] as const)('%s with %d', (verdict, gap, accepted, standing) => {
  const verification = now(verdict, gap);
  expect(standingOf(verification, 'holds', accepted)).toBe(standing);
  expect(isContent(verification, 'holds', accepted)).toBe(verdict === 'holds' || standing === 'accepted');
});

it('an expected violation needs no baseline', () => {
  expect(standingOf(now('violated', 1), 'violated', before('violated', 0.1))).toBeUndefined();
});
