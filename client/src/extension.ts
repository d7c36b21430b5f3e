/** Starts the language server and puts its state where a user looks: status, commands, Test Explorer. */
import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { Session } from './session.ts';
import { showStatus } from './status.ts';
import { exploreTests } from './tests.ts';
import { trainingPanels } from './training/panels.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Noether', { log: true });
  const session = new Session(context, log);
  context.subscriptions.push(log, session);
  showStatus(context, session);
  exploreTests(context, session);
  registerCommands(context, session, log, trainingPanels(context, session));
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => session.trust()));
  await session.start();
}
