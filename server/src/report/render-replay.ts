/** The replay of one pair: the element in full, and what each output did. */
import type { CheckReport } from './report.ts';
import { coloursOf, type Style } from './style.ts';
import { layOutTable } from './table-layout.ts';
import { indent, textWidth, wrap } from './text-layout.ts';
import { shortNumber } from './words.ts';

export function renderReplay(check: CheckReport, style: Style): string[] {
  const { verification, replayed } = check;
  if (!verification || !replayed) return [];
  const { bold } = coloursOf(style);
  const witness = verification.outputs.find(({ worst }) => worst)?.worst;
  const sample = witness?.sampleId ?? `sample ${replayed.sample}`;
  const columns = [
    { title: 'output' },
    { title: 'verdict' },
    { title: 'gap', align: 'right' as const },
    { title: 'gap in float64', align: 'right' as const },
    { title: 'floor', align: 'right' as const },
    { title: 'gap / floor', align: 'right' as const },
    { title: 'tolerance', align: 'right' as const },
  ];
  const rows = verification.outputs.map(({ output, verdict, gap, gap64, floor, ratio, tolerance }) =>
    [
      output,
      verdict,
      shortNumber(gap),
      gap64 === undefined ? '' : shortNumber(gap64),
      shortNumber(floor),
      shortNumber(ratio),
      shortNumber(tolerance),
    ].map((text) => ({ text })),
  );
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => textWidth(row[i]!.text))),
  );
  return [
    bold(
      `${check.id}: ${sample}, ${'draw' in replayed ? `draw ${replayed.draw}, seed ${verification.seed}` : 'the element given'}`,
    ),
    ...(witness ? indent(wrap(`element: ${witness.elementText}`, Math.max(20, style.width - 2)), 2) : []),
    '',
    ...layOutTable(columns, rows, widths),
  ];
}
