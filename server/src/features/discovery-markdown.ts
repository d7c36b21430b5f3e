/** A discovery as Markdown. */
import type { Discovery } from '@noether/engine/catalog';
import { discoveryLines, singularTable } from '../report/render-discoveries.ts';

export function discoveryMarkdown(title: string, discovery: Discovery): string {
  const { head, rows } = singularTable(discovery);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**: ${discovery.found}${discovery.verdict === 'undecided' ? ' (undecided)' : ''}`,
    rows.length > 0 ? [row(head), '|--:|--:|:--|:--|', ...rows.map(row)].join('\n') : '',
    discoveryLines(discovery)
      .map((line) => (line.startsWith('  ') ? `  - ${line.trim()}` : `- ${line}`))
      .join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}
