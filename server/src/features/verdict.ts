/** How the editor words a result: one line for lenses and lists, one sentence for the squiggle. */
import type { Finding, OutputVerdict, Verification } from '@noether/engine/catalog';
import type { CheckState } from '../protocol.ts';
import { isContent, standingOf } from '../report/accepted.ts';
import { shortNumber } from '../report/words.ts';
import type { Check } from './check.ts';

/** The output that decided the verdict: of those with the check's verdict, the one with the largest gap over tolerance. */
export function decidingOutput(verification: Verification): OutputVerdict | undefined {
  const excess = (output: OutputVerdict) => output.gap / Math.max(output.tolerance, Number.MIN_VALUE);
  return verification.outputs
    .filter((output) => output.verdict === verification.verdict)
    .reduce<OutputVerdict | undefined>(
      (worst, output) => (!worst || excess(output) > excess(worst) ? output : worst),
      undefined,
    );
}

/** `gap 0.31, 2.1e6 x the rounding floor`. */
export function gapText(output: OutputVerdict): string {
  const ratio = output.floor > 0 ? `, ${shortNumber(output.gap / output.floor)} x the rounding floor` : '';
  return `gap ${shortNumber(output.gap)}${ratio}`;
}

/** The verdict that a check has now, or `undefined` while it has none. */
export function verificationOf(check: Check): Verification | undefined {
  const outcome = check.result?.outcome;
  return outcome?.status === 'done' ? outcome.verification : undefined;
}

/** True when the verdict is the expected one; `undefined` without a current verdict. */
export function asExpected(check: Check): boolean | undefined {
  if (!isVerdict(check.state)) return check.state === 'failed' ? false : undefined;
  const verification = verificationOf(check);
  const { options, accepted } = check.plan;
  return verification ? isContent(verification, options.expect, accepted) : check.state === options.expect;
}

export function isVerdict(state: CheckState): state is 'holds' | 'violated' | 'inconclusive' {
  return state === 'holds' || state === 'violated' || state === 'inconclusive';
}

/** One line without a verdict's details: `holds: gap 3.1e-7, floor 2.2e-7`. */
export function summaryText(check: Check): string {
  const verification = verificationOf(check);
  const output = verification && decidingOutput(verification);
  const numbers = output ? `gap ${shortNumber(output.gap)}, floor ${shortNumber(output.floor)}` : '';
  switch (check.state) {
    case 'holds':
    case 'violated':
    case 'inconclusive': {
      const expected = check.plan.options.expect;
      const standing = verification && standingOf(verification, expected, check.plan.accepted);
      const open = openText(check);
      if (standing)
        return `${check.state}, ${standing === 'accepted' ? 'accepted' : 'worse than accepted'}: ${numbers}${open}`;
      const expectation =
        check.state === expected ? (expected === 'holds' ? '' : ', as expected') : `, expected ${expected}`;
      return `${check.state}${expectation}: ${numbers}${open}`;
    }
    case 'stale':
      return verification
        ? `stale (was ${verification.verdict}: ${numbers})`
        : 'stale: changed since it last ran';
    case 'failed':
      return `could not run: ${failureOf(check)?.message ?? 'unknown reason'}`;
    case 'running':
      return check.progress
        ? `running: ${Math.round(check.progress.fraction * 100)} %${check.progress.stage ? `, ${check.progress.stage}` : ''}`
        : 'running';
    default:
      return check.note ? `${check.state}: ${check.note}` : check.state;
  }
}

/** `, no frame: 2 of 12 samples`: where nothing can be equivariant, which the numbers alone do not tell. */
function openText(check: Check): string {
  const found = (code: Finding['code']) =>
    check.result?.outcome.findings.find((finding) => finding.code === code)?.found;
  const frames = found('model/frame-degenerate');
  const ties = found('model/sorted-ties');
  return `${frames === undefined ? '' : `, no frame: ${frames}`}${ties === undefined ? '' : `, ties: ${ties}`}`;
}

/** The first thing that kept the check from running. */
export function failureOf(check: Check): Finding | undefined {
  const findings = check.result?.outcome.findings ?? [];
  return findings.find((finding) => finding.severity === 'error') ?? findings[0];
}

/**
 * The sentence of the squiggle: ``violated: `leaky` is not SE(3)-equivariant on objects: gap 0.31, 2.1e6 x the rounding
 * floor; worst under 137 degrees about (0.2, 0.9, 0.4) on objects.npz[3]``.
 */
export function verdictSentence(check: Check, groupText: string): string {
  const verification = verificationOf(check);
  const output = verification && decidingOutput(verification);
  if (!verification || !output) return summaryText(check);
  const { model, data, options } = check.plan;
  const where = verification.outputs.length > 1 ? ` (output ${output.output})` : '';
  const worst = output.worst ? `; worst under ${output.worst.elementText} on ${output.worst.sampleId}` : '';
  switch (verification.verdict) {
    case 'violated': {
      const lead = options.expect === 'violated' ? 'violated, as expected' : 'violated';
      return `${lead}: \`${model.name}\` is not ${groupText}-equivariant on ${data.name}: ${gapText(output)}${where}${worst}`;
    }
    case 'inconclusive':
      return `inconclusive: whether \`${model.name}\` is ${groupText}-equivariant on ${data.name} cannot be told: ${output.reason}${where}`;
    case 'holds':
      return `holds, but \`expect: ${options.expect}\` is declared: \`${model.name}\` is ${groupText}-equivariant on ${data.name}: ${gapText(output)}${where}`;
  }
}
