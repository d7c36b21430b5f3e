/** A table for terminals: columns as wide as their content, and the wordy ones narrowed when the line is too short. */
import { pad, textWidth, wrap } from './text-layout.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The narrowest that this column may become by wrapping. Columns without it keep their width. */
  readonly least?: number;
}

export interface Cell {
  readonly text: string;
  /** Applied after padding, so that widths never count it. */
  readonly paint?: (text: string) => string;
}

export type Row = readonly Cell[];

/** Columns between two columns. */
const gutter = 2;

/** The widths that fit into `width`, or `undefined` when even the narrowest do not. */
export function fitColumns(
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
): number[] | undefined {
  const widths = columns.map(({ title }, i) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[i]!.text))),
  );
  let excess = widths.reduce((sum, w) => sum + w, gutter * (columns.length - 1)) - width;
  while (excess > 0) {
    // Always the widest of those that can still give way.
    const candidates = columns.flatMap(({ least }, i) =>
      least !== undefined && widths[i]! > least ? [i] : [],
    );
    if (candidates.length === 0) return undefined;
    const widest = candidates.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    widths[widest]!--;
    excess--;
  }
  return widths;
}

/** Lines of the table: titles, a rule, the rows. Lines have no trailing spaces. */
export function layOutTable(
  columns: readonly Column[],
  rows: readonly Row[],
  widths: readonly number[],
): string[] {
  const titles = columns.map(({ title }) => ({ text: title }));
  return [
    ...layOutRow(columns, titles, widths),
    widths.map((w) => '-'.repeat(w)).join(' '.repeat(gutter)),
    ...rows.flatMap((row) => layOutRow(columns, row, widths)),
  ];
}

export function layOutRow(columns: readonly Column[], row: Row, widths: readonly number[]): string[] {
  const cells = row.map(({ text }, i) => wrapIndented(text, widths[i]!));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, n) => {
    const last = row.findLastIndex((_, i) => cells[i]![n]);
    return row
      .slice(0, last + 1)
      .map(({ paint }, i) => {
        const text = cells[i]![n] ?? '';
        const padded = pad(text, widths[i]!, columns[i]!.align);
        const shown = i === last && columns[i]!.align !== 'right' ? text : padded;
        return paint && text ? shown.replace(text, () => paint(text)) : shown;
      })
      .join(' '.repeat(gutter));
  });
}

/** Wraps, and keeps the leading spaces of a text on all its lines. */
function wrapIndented(text: string, width: number): string[] {
  const lead = /^ */.exec(text)![0];
  return wrap(text, Math.max(1, width - lead.length)).map((line) => (line ? lead + line : line));
}
