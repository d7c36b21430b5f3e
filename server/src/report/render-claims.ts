/** Claims with their verdicts and numbers. */
import type { Estimate, Finding } from '@noether/engine/catalog';
import { plainTable } from './plain-table.ts';
import { statusText } from './render-trainings.ts';
import type { ClaimReport } from './report.ts';
import { coloursOf, type Style } from './style.ts';
import { indent, wrap } from './text-layout.ts';
import { duration } from './words.ts';

/** A row for each claim, and below it what was compared. */
export function renderClaims(claims: readonly ClaimReport[], style: Style): string[] {
  if (claims.length === 0) return [];
  const { dim } = coloursOf(style);
  const lines = plainTable(
    [
      { title: 'claim', least: 24 },
      { title: 'verdict', least: 10 },
      { title: 'left', align: 'right' },
      { title: 'right', align: 'right' },
      { title: 'left - right', least: 14 },
      { title: 'time', align: 'right' },
    ],
    claims.map((claim) => {
      const { decision, seconds } = claim;
      const time = seconds === undefined ? '' : duration(seconds);
      if (!decision) return [claim.id, statusText(claim), '', '', '', time];
      const { left, right, difference } = decision;
      return [
        claim.id,
        claimVerdictText(claim),
        meanText(left),
        meanText(right),
        intervalText(difference),
        time,
      ];
    }),
    style,
  );
  const compared = claims.flatMap(({ id, text, measures }) => [
    `${id}: ${text}`,
    ...indent(
      (measures ?? []).flatMap(({ text: name, values }) =>
        wrap(`${name}: ${values.map(number).join(', ')}`, Math.max(20, style.width - 2)),
      ),
      2,
    ),
  ]);
  return [...lines, '', ...compared.map(dim)];
}

/** `holds`, `fails, as expected`, `undecided, expected holds`. */
export function claimVerdictText({ decision, expect, ...claim }: ClaimReport): string {
  if (!decision) return statusText(claim);
  const { verdict } = decision;
  if (verdict !== expect) return `${verdict}, expected ${expect}`;
  return expect === 'holds' ? verdict : `${verdict}, as expected`;
}

function meanText({ mean }: Estimate): string {
  return number(mean);
}

/** `0.29 (0.23 to 0.36)`; without chance there is no interval. */
export function intervalText({ mean, low, high }: Estimate): string {
  return low === high ? number(mean) : `${number(mean)} (${number(low)} to ${number(high)})`;
}

function number(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && Number.isFinite(value) && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(2).replace('e+', 'e');
  }
  return String(Number(value.toPrecision(3)));
}

/** A claim that is not as expected, as a finding; `undefined` when it is, or has no verdict. */
export function claimFinding(claim: ClaimReport): Finding | undefined {
  const { decision, asExpected, id, file, line, expect } = claim;
  if (claim.status !== 'done' || !decision || asExpected) return undefined;
  const { verdict, reason } = decision;
  return {
    code:
      verdict === 'undecided'
        ? 'claim/undecided'
        : verdict === 'fails'
          ? 'claim/fails'
          : 'claim/unexpectedly-holds',
    severity: verdict === 'undecided' ? 'warning' : 'error',
    message: `${id}: ${reason}`,
    expected: expect,
    found: verdict,
    place: { file, line },
    advice:
      verdict === 'undecided'
        ? 'Use more seeds, longer training, or more samples to measure on.'
        : 'If that is how it is, write it down with `expect`.',
  };
}
