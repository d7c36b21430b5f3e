/** The palette's commands. Everything that computes is the server's; this only asks which check is meant. */
import { type ChecksParams, type ItemInfo, commands as serverCommands } from '@noether/server/protocol';
import * as vscode from 'vscode';
import type { Session } from './session.ts';
import type { TrainingPanels } from './training/panels.ts';

export function registerCommands(
  context: vscode.ExtensionContext,
  session: Session,
  log: vscode.LogOutputChannel,
  trainings: TrainingPanels,
): void {
  /** The latest state of each document's checks, to offer in a list. */
  const known = new Map<string, ChecksParams>();
  const remember = session.onChecks((checks) => known.set(checks.uri, checks));

  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`noether.${name}`, run);
  context.subscriptions.push(
    remember,
    register('runFile', () => {
      const uri = specificationUri();
      if (uri) return session.execute(serverCommands.run, uri);
    }),
    register('runCheck', async () => {
      const uri = specificationUri();
      if (!uri) return;
      const check = await pickCheck(known.get(uri), 'Which check is to be run?');
      if (check) return session.execute(serverCommands.run, uri, check);
    }),
    register('runItem', async () => {
      const uri = specificationUri();
      const item = uri && (await pickItem(session, uri));
      if (uri && item) return session.execute(serverCommands.runItem, uri, item);
    }),
    register('showTraining', async (uri = specificationUri(), id) => {
      if (typeof uri !== 'string') return;
      const chosen = typeof id === 'string' ? id : await pickItem(session, uri, 'train');
      if (chosen) trainings.show(uri, chosen);
    }),
    register('cancel', () => session.execute(serverCommands.cancel)),
    register('clearCache', async () => {
      await session.execute(serverCommands.clearCache);
      void vscode.window.showInformationMessage('Noether: the cached results are gone.');
    }),
    register('showReport', () => showReport(session)),
    register('restart', () => session.restart()),
    register('showLog', () => log.show()),
  );
}

/** The open specification, or a sentence that says there is none. */
function specificationUri(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === 'equi') return document.uri.toString();
  void vscode.window.showInformationMessage('Noether: open an .equi file first.');
  return undefined;
}

async function pickCheck(params: ChecksParams | undefined, title: string): Promise<string | undefined> {
  if (!params?.checks.length) {
    void vscode.window.showInformationMessage('Noether: this file has no check.');
    return undefined;
  }
  const items = params.checks.map(({ id, title: label, summary, state, line }) => ({
    label,
    description: summary ?? state,
    detail: `line ${line + 1}`,
    id,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
}

/** One of the file's trainings, benchmarks and claims; or of its trainings alone. */
async function pickItem(session: Session, uri: string, only?: ItemInfo['kind']): Promise<string | undefined> {
  const all = (await session.execute(serverCommands.items, uri)) as readonly ItemInfo[] | undefined;
  const items = all?.filter(({ kind }) => !only || kind === only);
  if (!items?.length) {
    const missing = only === 'train' ? 'training' : 'training, benchmark, comparison, discovery or claim';
    void vscode.window.showInformationMessage(`Noether: this file has no ${missing}.`);
    return undefined;
  }
  const choices = items.map(({ id, summary, line }) => ({
    label: id,
    description: summary,
    detail: `line ${line + 1}`,
    id,
  }));
  const title = only === 'train' ? 'Which training is to be shown?' : 'What is to be run?';
  return (await vscode.window.showQuickPick(choices, { title, matchOnDescription: true }))?.id;
}

/** The last report of the open file, as JSON in an unsaved editor: nothing of the user's is written. */
async function showReport(session: Session): Promise<void> {
  const uri = specificationUri();
  if (!uri) return;
  const report = await session.execute(serverCommands.report, uri);
  if (!report) {
    void vscode.window.showInformationMessage('Noether: no check of this file has a result yet.');
    return;
  }
  const content = JSON.stringify(report, null, 2);
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'json', content }),
  );
}
