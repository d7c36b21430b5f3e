/** A table of plain texts that fits the terminal as well as it can. */
import type { Style } from './style.ts';
import { type Column, fitColumns, layOutTable } from './table-layout.ts';
import { textWidth } from './text-layout.ts';

/** Wordy columns (those with `least`) wrap; where even that is too wide, the terminal wraps. */
export function plainTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const cells = rows.map((row) => row.map((text) => ({ text })));
  const widths =
    fitColumns(columns, cells, style.width) ??
    columns.map(
      ({ title, least }, i) => least ?? Math.max(textWidth(title), ...rows.map((row) => textWidth(row[i]!))),
    );
  return layOutTable(columns, cells, widths);
}
