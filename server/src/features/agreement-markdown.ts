/** A comparison's matrix as Markdown. */
import type { Agreement } from '@noether/engine/catalog';
import { agreementMatrix, agreementNotes } from '../report/render-comparisons.ts';

export function agreementMarkdown(title: string, agreement: Agreement): string {
  const { head, rows } = agreementMatrix(agreement);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**: ${agreement.verdict}`,
    [row(head), `|${head.map((_, i) => (i < 2 ? ':--|' : '--:|')).join('')}`, ...rows.map(row)].join('\n'),
    agreementNotes(agreement)
      .map((line) => `- ${line}`)
      .join('\n'),
  ].join('\n\n');
}
