/** Comparisons as matrices: which runs agree, and how many floors apart they are. */
import type { Agreement, AgreementEntry, AgreementRun, Finding } from '@noether/engine/catalog';
import { plainTable } from './plain-table.ts';
import { statusText } from './render-trainings.ts';
import type { CompareReport } from './report.ts';
import { coloursOf, type Style } from './style.ts';
import { wrap } from './text-layout.ts';
import { counted, shortNumber } from './words.ts';

/** A matrix for each; below it, why runs are missing and how the floors were measured. */
export function renderComparisons(comparisons: readonly CompareReport[], style: Style): string[] {
  const { bold, dim } = coloursOf(style);
  return comparisons.flatMap((report, i) => {
    const gap = i > 0 ? [''] : [];
    const { agreement } = report;
    if (!agreement) return [...gap, `${report.id}: ${statusText(report)}`];
    const { head, rows } = agreementMatrix(agreement);
    return [
      ...gap,
      bold(`${report.id}: ${compareVerdictText(report)}`),
      ...plainTable(
        head.map((title, column) => (column < 2 ? { title } : { title, align: 'right' as const })),
        rows,
        style,
      ),
      ...agreementNotes(agreement).flatMap((line) => wrap(line, style.width).map(dim)),
    ];
  });
}

/** Cells: `agree, 1.2x` (x floors apart), `differ, 4e5x`, `not run`. The half above the diagonal. */
export function agreementMatrix({ runs, entries }: Agreement): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const cell = (a: number, b: number): string => {
    if (b <= a) return '';
    const entry = entries.find((one) => one.a === a && one.b === b);
    return entry ? `${entry.verdict}, ${shortNumber(entry.ratio)}x` : 'not run';
  };
  return {
    head: ['', 'run', ...runs.slice(1).map((_, i) => String(i + 2))],
    rows: runs.map((run, a) => [String(a + 1), runText(run), ...runs.slice(1).map((_, i) => cell(a, i + 1))]),
  };
}

/** `steady wasm float32`, `steady float64`. */
export function runText({ model, backend, precision }: AgreementRun): string {
  return backend === precision ? `${model} ${precision}` : `${model} ${backend} ${precision}`;
}

/** What the matrix does not say: the worst pair, runs that could not be made, and where the floors come from. */
export function agreementNotes(agreement: Agreement): string[] {
  const { runs, floors, samples } = agreement;
  const worst = worstEntry(agreement);
  return [
    ...(worst ? [`furthest apart: ${entryText(worst, runs)}`] : []),
    ...runs.flatMap((run) => (run.reason ? [`${runText(run)} could not run: ${run.reason}`] : [])),
    `${counted(samples, 'sample')}; x: in rounding floors (${floors
      .map(({ model, method }) => `${model}: ${method}`)
      .join(', ')})`,
  ];
}

/** The pair that the verdict rests on: the furthest beyond its tolerance. */
export function worstEntry({ entries }: Agreement): AgreementEntry | undefined {
  return [...entries].sort((a, b) => b.difference / b.tolerance - a.difference / a.tolerance)[0];
}

/** `steady wasm float32 and steady float64: scalar on objects.npz[3] by 3.1e-7, 1.2 floors`. */
export function entryText(entry: AgreementEntry, runs: readonly AgreementRun[]): string {
  const { a, b, output, sample, difference, ratio } = entry;
  return `${runText(runs[a]!)} and ${runText(runs[b]!)}: \`${output}\` on ${sample} by ${shortNumber(difference)}, ${shortNumber(ratio)} floors`;
}

/** `agree`, `differ, as expected`, `undecided, expected agree`. */
export function compareVerdictText({ agreement, expect, ...report }: CompareReport): string {
  if (!agreement) return statusText(report);
  const { verdict } = agreement;
  if (verdict !== expect) return `${verdict}, expected ${expect}`;
  return expect === 'agree' ? verdict : `${verdict}, as expected`;
}

/** A comparison that is not as expected, as a finding; `undefined` when it is, or has no verdict. */
export function compareFinding(report: CompareReport): Finding | undefined {
  const { agreement, asExpected, id, file, line, expect } = report;
  if (report.status !== 'done' || !agreement || asExpected) return undefined;
  const { verdict, runs } = agreement;
  const worst = worstEntry(agreement);
  const place = { file, line };
  const said = { expected: expect, found: verdict, place };
  if (verdict === 'undecided') {
    return {
      code: 'compare/undecided',
      severity: 'warning',
      message: `${id}: ${worst ? entryText(worst, runs) : 'fewer than two runs could be made'}`,
      ...said,
      advice: worst
        ? 'Ask for less than the arithmetic can tell, or leave it at `within: auto`.'
        : 'See `noether backends` for what can run here.',
    };
  }
  return {
    code: verdict === 'differ' ? 'compare/differ' : 'compare/unexpectedly-agree',
    severity: 'error',
    message: `${id}: ${entryText(worst!, runs)}`,
    ...said,
    advice:
      verdict === 'differ'
        ? 'Look at which run stands alone in the matrix.'
        : 'Take `expect` out: the difference is gone.',
  };
}
