/** `noether describe Rapidash`: a model family with its paper and options. */
import type { FamilyDescription } from '@noether/engine/catalog';
import { defaultText, optionTypeText } from '../language/index.ts';
import { fitColumns, indent, layOutRow, layOutTable, type Style, wrap } from '../report/index.ts';

export function familyText({ name, doc, paper, options }: FamilyDescription, style: Style): string {
  const columns = [
    { title: 'option' },
    { title: 'default', least: 8 },
    { title: 'takes', least: 16 },
    { title: 'unit', least: 8 },
  ];
  const rows = options.map((option) =>
    [option.name, defaultText(option), optionTypeText(option), option.unit ?? ''].map((text) => ({ text })),
  );
  const widths = fitColumns(columns, rows, style.width) ?? [20, 8, 16, 8];
  const [titles, rule] = layOutTable(columns, [], widths);
  // What an option does takes sentences, which want the whole line.
  const table = options.flatMap((option, i) => [
    ...layOutRow(columns, rows[i]!, widths),
    ...indent(wrap(docText(option), style.width - 4), 4),
  ]);
  const reference = `${paper.authors}: ${paper.title} (${paper.year})${paper.link ? ` ${paper.link}` : ''}`;
  return [
    name,
    ...indent(wrap(plain(doc), style.width - 2), 2),
    ...indent(wrap(reference, style.width - 2), 2),
    '',
    titles,
    rule,
    ...table,
    '',
  ].join('\n');
}

/** All families, for `noether describe` without a name. */
export function familiesText(families: readonly FamilyDescription[], style: Style): string {
  const columns = [{ title: 'family' }, { title: 'paper', least: 24 }];
  const rows = families.map(({ name, paper }) => [
    { text: name },
    { text: `${paper.authors}: ${paper.title} (${paper.year})` },
  ]);
  const widths = fitColumns(columns, rows, style.width) ?? [16, 24];
  return `${layOutTable(columns, rows, widths).join('\n')}\n`;
}

/** What an option does, and which of its values break a symmetry. */
function docText({ doc, breaks = {} }: FamilyDescription['options'][number]): string {
  const warnings = Object.entries(breaks).map(([value, what]) => `\`${value}\` ${what}.`);
  return plain([doc, ...warnings].join(' '));
}

/** Markdown without its marks: a terminal shows none. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/[*`]+/g, '');
}
