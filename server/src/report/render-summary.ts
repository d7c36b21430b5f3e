/** A report in one line: `3 checks: 2 as expected, 1 not as expected; 12 s`. */
import type { Report } from './report.ts';
import { counted, duration } from './words.ts';

export function renderSummary(report: Report): string {
  const { summary, checks: reports, findings, seconds } = report;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const { claims, comparisons, discoveries, trainings, benchmarks } = summary;
  const others = [
    trainings ? ranText('training', trainings) : '',
    benchmarks ? ranText('benchmark', benchmarks) : '',
    comparisons ? `${counted(comparisons.comparisons, 'comparison')}: ${verdictsText(comparisons)}` : '',
    discoveries
      ? `${discoveries.discoveries === 1 ? '1 discovery' : `${discoveries.discoveries} discoveries`}: ${verdictsText(discoveries)}`
      : '',
    claims ? `${counted(claims.claims, 'claim')}: ${verdictsText(claims)}` : '',
  ].filter(Boolean);
  const checks =
    summary.checks > 0
      ? `${counted(summary.checks, 'check')}: ${verdictsText(summary)}`
      : others.length > 0
        ? ''
        : 'no checks were run';
  const wrong = errors > 0 ? `${counted(errors, 'error')} in the specification` : '';
  const all = [
    ...reports,
    ...(report.comparisons ?? []),
    ...(report.discoveries ?? []),
    ...(report.claims ?? []),
  ];
  const cached = all.filter((item) => item.cached).length;
  const parts = [wrong, checks, ...others].filter(Boolean).join('; ');
  return `${parts}; ${duration(seconds)}${cached > 0 ? `, ${cached} from the cache` : ''}`;
}

interface Verdicts {
  readonly asExpected: number;
  readonly notAsExpected: number;
  readonly notRun: number;
}

function verdictsText({ asExpected, notAsExpected, notRun }: Verdicts): string {
  return [
    asExpected > 0 ? `${asExpected} as expected` : '',
    notAsExpected > 0 ? `${notAsExpected} not as expected` : '',
    notRun > 0 ? `${notRun} not run` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function ranText(noun: string, { done, notRun }: { done: number; notRun: number }): string {
  return `${counted(done, noun)}${notRun > 0 ? `, ${notRun} not run` : ''}`;
}
