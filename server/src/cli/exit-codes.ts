/** What the exit code of `noether` says. docs/command-line.md documents it. */
import type { Report } from '../report/index.ts';

export const exitCodes = {
  /** Everything is as expected. */
  ok: 0,
  /** A check, a comparison, a discovery or a claim has another verdict than the expected one. */
  notAsExpected: 1,
  /** The specification or the command line is wrong: known without running anything. */
  wrong: 2,
  /** Something could not be run. */
  notRun: 3,
  /** Ended by Ctrl-C, as shells have it: 128 + SIGINT. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** The first that applies of: the specification is wrong, something was not run, something is not as expected. */
export function exitCodeOf(report: Report): number {
  if (report.findings.some(({ severity }) => severity === 'error')) return exitCodes.wrong;
  const { summary } = report;
  const { claims, comparisons, discoveries, trainings, benchmarks } = summary;
  if (
    [summary, claims, comparisons, discoveries, trainings, benchmarks].some(
      (tally) => tally && tally.notRun > 0,
    )
  )
    return exitCodes.notRun;
  if ([summary, claims, comparisons, discoveries].some((tally) => tally && tally.notAsExpected > 0))
    return exitCodes.notAsExpected;
  return exitCodes.ok;
}
