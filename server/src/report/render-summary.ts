/** A report in one line: `3 checks: 2 as expected, 1 not as expected; 12 s`. */
import type { Report } from './report.ts';
import { counted, duration } from './words.ts';

export function renderSummary({ summary, checks: reports, findings, seconds }: Report): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const parts = [
    summary.asExpected > 0 || summary.checks === 0 ? `${summary.asExpected} as expected` : '',
    summary.notAsExpected > 0 ? `${summary.notAsExpected} not as expected` : '',
    summary.notRun > 0 ? `${summary.notRun} not run` : '',
  ].filter(Boolean);
  const checks =
    summary.checks > 0 ? `${counted(summary.checks, 'check')}: ${parts.join(', ')}` : 'no checks were run';
  const wrong = errors > 0 ? `${counted(errors, 'error')} in the specification; ` : '';
  const cached = reports.filter((check) => check.cached).length;
  return `${wrong}${checks}; ${duration(seconds)}${cached > 0 ? `, ${cached} from the cache` : ''}`;
}
