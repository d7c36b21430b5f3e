/** A verdict that asks for attention, as a finding: what the terminal lists below its table. */
import type { Finding, OutputVerdict } from '@noether/engine/catalog';
import type { CheckReport } from './report.ts';

/** Undefined when the verdict is the expected one, or there is none. */
export function verdictFinding(check: CheckReport): Finding | undefined {
  const { verification, expect, asExpected, baseline } = check;
  if (check.status !== 'done' || !verification || asExpected) return undefined;
  const { verdict, outputs } = verification;
  const deciding = outputs.filter((output) => output.verdict === verdict);
  const reasons = deciding.map((output) =>
    outputs.length > 1 ? `${output.output}: ${output.reason}` : output.reason,
  );
  return {
    code:
      baseline === 'worse'
        ? 'verify/worse-than-baseline'
        : verdict === 'holds'
          ? 'verify/unexpectedly-holds'
          : `verify/${verdict}`,
    severity: verdict === 'inconclusive' && baseline !== 'worse' ? 'warning' : 'error',
    message: `${check.id}: ${reasons.join('; ')}`,
    expected: baseline === 'worse' ? 'no worse than what `noether baseline` has accepted' : expect,
    found: verdict,
    place: { file: check.file, line: check.line },
    advice: adviceFor(verdict, deciding),
  };
}

function adviceFor(verdict: OutputVerdict['verdict'], outputs: readonly OutputVerdict[]): string {
  if (verdict === 'holds') {
    return 'Was the model repaired? Then take `expect` out; else look for a group too small to show the violation';
  }
  if (verdict === 'inconclusive') {
    return outputs.some(({ scale }) => scale === 0)
      ? 'Give the model data on which its output is not zero'
      : 'Use `within: auto`, or a tolerance above the rounding floor';
  }
  // In exact arithmetic a gap that is rounding would be gone.
  const survives = outputs.some(({ gap, gap64 }) => gap64 !== undefined && gap64 > gap / 2);
  return survives
    ? 'The gap is the same in double precision, so it is not rounding. Replay the worst pair, and look at what the model is fed'
    : 'Replay the worst pair, and look at what the model is fed';
}
