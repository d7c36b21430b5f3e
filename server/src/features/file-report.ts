/** The report of a document's current results: the very JSON that the command line writes. */
import { URI } from 'langium';
import { version } from '../jobs/index.ts';
import { buildReport, type FinishedCheck } from '../report/build-report.ts';
import type { Report } from '../report/report.ts';
import type { Editor } from './editor.ts';
import type { SettingsStore } from './settings.ts';
import { isVerdict } from './verdict.ts';

/** `null` when no check of the document has a result that is up to date. */
export async function reportOf(
  editor: Editor,
  uri: unknown,
  settings: SettingsStore,
): Promise<Report | null> {
  if (typeof uri !== 'string') return null;
  await editor.planned(uri);
  const { backend } = await settings.get(uri);
  const checks = editor.checks.of(uri).flatMap((check): FinishedCheck[] => {
    if (!check.result || !(isVerdict(check.state) || check.state === 'failed')) return [];
    return [
      {
        plan: check.plan,
        file: URI.parse(uri).fsPath,
        line: editor.lineOf(check) + 1,
        backend,
        ...check.result,
      },
    ];
  });
  if (checks.length === 0) return null;
  const seconds = checks.reduce((sum, { outcome }) => sum + (outcome.verification?.seconds.total ?? 0), 0);
  return buildReport({ engine: version, started: new Date(), seconds, checks, findings: [] });
}
