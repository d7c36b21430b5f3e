/** The table of verdicts for a terminal or a pipe. */
import type { OutputVerdict } from '@noether/engine/catalog';
import type { CheckReport } from './report.ts';
import { type Colours, coloursOf, type Style, verdictPaint, verdictText } from './style.ts';
import { type Cell, type Column, fitColumns, layOutRow, layOutTable, type Row } from './table-layout.ts';
import { indent, wrap } from './text-layout.ts';
import { duration, grouped, percent, shortNumber } from './words.ts';

const columns: readonly Column[] = [
  { title: 'check', least: 18 },
  { title: 'verdict', least: 12 },
  { title: 'gap', align: 'right' },
  { title: 'floor', align: 'right' },
  { title: 'tolerance', align: 'right' },
  { title: 'confidence', least: 10 },
  { title: 'worst element', least: 24 },
  { title: 'parameters', align: 'right' },
  { title: 'time', align: 'right' },
];
const confidenceColumn = 5;
const worstColumn = 6;

/** Columns that go below their row, from the roomiest layout to the narrowest. */
const layouts: readonly (readonly number[])[] = [[], [worstColumn], [confidenceColumn, worstColumn]];

/** A row that wraps to more lines than this is harder to read than one with a line below it. */
const tallest = 3;

/** A line, or several lines when wrapped, for each check; below it one for each output when there are several. */
export function renderTable(checks: readonly CheckReport[], style: Style): string[] {
  if (checks.length === 0) return [];
  const colours = coloursOf(style);
  const rows = checks.flatMap((check) => rowsOf(check, colours));
  for (const below of layouts) {
    const lines = layOut(rows, below, style, colours);
    if (lines) return lines;
  }
  const below = layouts.at(-1)!;
  // Narrower than any table: as narrow as it gets, and the terminal wraps.
  const short = rows.map((row) => without(row, below));
  const widths = without(columns, below).map(
    ({ title, least }, i) => least ?? Math.max(title.length, ...short.map((row) => row[i]!.text.length)),
  );
  return withLinesBelow(rows, below, widths, style, colours);
}

/** The table with these columns below their rows; `undefined` when it does not fit, or gets too tall. */
function layOut(
  rows: readonly Row[],
  below: readonly number[],
  style: Style,
  colours: Colours,
): string[] | undefined {
  const kept = without(columns, below);
  const short = rows.map((row) => without(row, below));
  const widths = fitColumns(kept, short, style.width);
  if (!widths) return undefined;
  const height = Math.max(...short.map((row) => layOutRow(kept, row, widths).length));
  return height > tallest && below.length < layouts.at(-1)!.length
    ? undefined
    : withLinesBelow(rows, below, widths, style, colours);
}

function withLinesBelow(
  rows: readonly Row[],
  below: readonly number[],
  widths: readonly number[],
  style: Style,
  colours: Colours,
): string[] {
  const kept = without(columns, below);
  return [
    ...layOutTable(kept, [], widths),
    ...rows.flatMap((row) => {
      const lines = below.flatMap((column) => {
        const { text } = row[column]!;
        return text ? wrap(`${columns[column]!.title}: ${text}`, Math.max(20, style.width - 4)) : [];
      });
      return [...layOutRow(kept, without(row, below), widths), ...indent(lines, 4).map(colours.dim)];
    }),
  ];
}

function without<T>(cells: readonly T[], left: readonly number[]): T[] {
  return cells.filter((_, i) => !left.includes(i));
}

function rowsOf(check: CheckReport, colours: Colours): Row[] {
  const { verification, model } = check;
  const verdict: Cell = { text: verdictText(check), paint: verdictPaint(check, colours) };
  const parameters = { text: model?.parameterCount === undefined ? '' : grouped(model.parameterCount) };
  if (!verification) return [[{ text: check.id }, verdict, ...empty(5), parameters, { text: '' }]];
  const time = { text: duration(verification.seconds.total) };
  const [only, ...others] = verification.outputs;
  if (only && others.length === 0) {
    return [[{ text: check.id }, verdict, ...numbersOf(only), parameters, time]];
  }
  return [
    [{ text: check.id }, verdict, ...empty(5), parameters, time],
    ...verification.outputs.map(
      (output): Row => [
        { text: `  ${output.output}` },
        { text: output.verdict },
        ...numbersOf(output),
        ...empty(2),
      ],
    ),
  ];
}

function numbersOf(output: OutputVerdict): Row {
  const { gap, floor, tolerance, worst } = output;
  return [
    { text: shortNumber(gap) },
    { text: shortNumber(floor) },
    { text: shortNumber(tolerance) },
    { text: confidenceText(output) },
    { text: worst ? `${worst.elementText}, on ${worst.sampleId}` : '' },
  ];
}

/** `<= 4.6% at 95%`: what the draws bound when none exceeded; else how many did. */
export function confidenceText({ exceedance }: OutputVerdict): string {
  const { count, draws, confidence, upperBound, exact } = exceedance;
  if (exact && count === 0) return `exact: all ${grouped(draws)} hold`;
  return count === 0
    ? `<= ${percent(upperBound)} at ${percent(confidence)}`
    : `${grouped(count)} of ${grouped(draws)} exceed`;
}

function empty(count: number): Cell[] {
  return Array.from({ length: count }, () => ({ text: '' }));
}
