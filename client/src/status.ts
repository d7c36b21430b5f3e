/** The language status item: which backend computes, how much is running and waiting, or why nothing runs. */
import type { StatusParams } from '@noether/server/protocol';
import * as vscode from 'vscode';
import type { Session } from './session.ts';

export function showStatus(context: vscode.ExtensionContext, session: Session): void {
  const item = vscode.languages.createLanguageStatusItem('noether.status', { language: 'equi' });
  item.name = 'Noether';
  item.text = 'Noether: starting';
  item.busy = true;
  item.command = { command: 'noether.showLog', title: 'Show Log' };
  context.subscriptions.push(
    item,
    session.onStatus((status) => Object.assign(item, presentation(status))),
  );
}

type Presentation = Pick<vscode.LanguageStatusItem, 'text' | 'detail' | 'busy' | 'severity'>;

function presentation(status: StatusParams | undefined): Presentation {
  const severity = vscode.LanguageStatusSeverity;
  if (!status)
    return { text: 'Noether: no server', detail: undefined, busy: false, severity: severity.Error };
  const { state, running, queued, backend, detail } = status;
  const details = [backend, detail].filter(Boolean).join(' · ') || undefined;
  if (state === 'restricted') {
    const text = 'Noether: nothing is run in Restricted Mode';
    return { text, detail: details, busy: false, severity: severity.Warning };
  }
  const busy = state === 'running';
  const text = busy ? `Noether: ${running} running, ${queued} waiting` : 'Noether: ready';
  return { text, detail: details, busy, severity: severity.Information };
}
