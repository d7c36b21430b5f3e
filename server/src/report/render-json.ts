/** A report as JSON, after schemas/report-1.schema.json. */
import type { Report } from './report.ts';

export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
