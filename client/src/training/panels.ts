/** One panel for each training: opened from its lens or the palette, kept up to date, restored with the window. */
import { randomBytes } from 'node:crypto';
import { commands, type TrainingInfo } from '@noether/server/protocol';
import * as vscode from 'vscode';
import type { Session } from '../session.ts';
import type { FromPage, PageState, ToPage } from './messages.ts';
import { pageHtml } from './page-html.ts';

const viewType = 'noether.training';

export interface TrainingPanels {
  /** Shows the panel of a training, the one that is there or a new one beside the text. */
  show(uri: string, id: string): void;
}

export function trainingPanels(context: vscode.ExtensionContext, session: Session): TrainingPanels {
  const panels = new Map<string, { readonly panel: vscode.WebviewPanel; ask(): void }>();
  const keyOf = ({ uri, id }: PageState): string => `${uri} ${id}`;
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');

  function fill(panel: vscode.WebviewPanel, { uri, id }: PageState): void {
    const key = keyOf({ uri, id });
    const tell = (info: TrainingInfo): void => {
      panel.title = info.title;
      const message: ToPage = { info };
      void panel.webview.postMessage(message);
    };
    // A server that is still to start is asked when it has.
    const ask = async (): Promise<void> => {
      if (!session.running) return;
      const info = (await session.execute(commands.training, uri, id)) as TrainingInfo | null | undefined;
      if (info && panels.get(key)?.panel === panel) tell(info);
    };
    const entry = { panel, ask: () => void ask() };
    const listeners = [
      session.onTraining((info) => keyOf(info) === key && tell(info)),
      session.onStarted(entry.ask),
      panel.webview.onDidReceiveMessage((message: FromPage) => {
        if (message === 'ready') entry.ask();
        else if (message === 'stop') void session.execute(commands.cancel, uri, id);
        else if (message === 'train' || message === 'resume') void session.execute(commands.runItem, uri, id);
      }),
    ];
    panels.set(key, entry);
    panel.onDidDispose(() => {
      for (const listener of listeners) listener.dispose();
      if (panels.get(key) !== entry) return;
      panels.delete(key);
      if (session.running) void session.execute(commands.training, uri, id, false);
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const script = panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'training-page.js'));
    panel.webview.html = pageHtml(script.toString(), randomBytes(16).toString('base64url'));
  }

  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel, state: PageState | undefined) {
        // A page that never heard of its training has nothing to come back with.
        if (!state || panels.has(keyOf(state))) panel.dispose();
        else fill(panel, state);
      },
    }),
  );

  return {
    show(uri, id) {
      const known = panels.get(keyOf({ uri, id }));
      if (known) {
        known.panel.reveal();
        return;
      }
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      fill(vscode.window.createWebviewPanel(viewType, id, place), { uri, id });
    },
  };
}
