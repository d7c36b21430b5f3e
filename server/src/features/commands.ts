/** `workspace/executeCommand`: for any client, not only ours. */
import { AbstractExecuteCommandHandler, type ExecuteCommandAcceptor } from 'langium/lsp';
import type { CancellationToken } from 'vscode-languageserver';
import { commands, type ItemInfo, type TrainingInfo } from '../protocol.ts';
import type { Editor } from './editor.ts';
import { itemText } from './item-text.ts';

export interface CommandContext {
  editor(): Editor;
  clearCache(): Promise<void>;
  /** The report of a document's current results; `null` when there are none. */
  report(uri: string): Promise<unknown>;
}

export class EquiCommandHandler extends AbstractExecuteCommandHandler {
  private context!: CommandContext;

  /** A factory, because the base class registers the commands in its constructor. */
  static create(context: CommandContext): EquiCommandHandler {
    const handler = new EquiCommandHandler();
    handler.context = context;
    return handler;
  }

  override registerCommands(acceptor: ExecuteCommandAcceptor): void {
    acceptor(commands.run, ([uri, id], token) => this.run(uri, id, token));
    acceptor(commands.cancel, ([uri, id]) => {
      const { checks, items } = this.context.editor();
      checks.cancel(uri ?? undefined, id ?? undefined);
      items.cancel(uri ?? undefined, id ?? undefined);
    });
    acceptor(commands.runItem, ([uri, id], token) => this.runItem(uri, id, token));
    acceptor(commands.items, ([uri]) => this.items(uri));
    acceptor(commands.training, ([uri, id, follow]) => this.training(uri, id, follow));
    acceptor(commands.clearCache, () => this.context.clearCache());
    acceptor(commands.report, ([uri]) => this.context.report(uri));
  }

  private async run(uri: unknown, id: unknown, token: CancellationToken): Promise<void> {
    if (typeof uri !== 'string') return;
    const editor = this.context.editor();
    await editor.planned(uri);
    const known = editor.checks.of(uri).map(({ plan }) => plan.id);
    const ids = typeof id === 'string' ? known.filter((each) => each === id) : known;
    const controller = new AbortController();
    const listener = token.onCancellationRequested(() => controller.abort());
    try {
      await editor.run(uri, ids, 'command', controller.signal);
      editor.flush();
    } finally {
      listener.dispose();
    }
  }

  private async runItem(uri: unknown, id: unknown, token: CancellationToken): Promise<void> {
    if (typeof uri !== 'string' || typeof id !== 'string') return;
    const controller = new AbortController();
    const listener = token.onCancellationRequested(() => controller.abort());
    try {
      await this.context.editor().runItem(uri, id, controller.signal);
    } finally {
      listener.dispose();
    }
  }

  private async training(uri: unknown, id: unknown, follow: unknown): Promise<TrainingInfo | null> {
    if (typeof uri !== 'string' || typeof id !== 'string') return null;
    const editor = this.context.editor();
    if (follow === false) {
      editor.trainings.unfollow(uri, id);
      return null;
    }
    await editor.planned(uri);
    return editor.trainings.follow(uri, id);
  }

  private async items(uri: unknown): Promise<ItemInfo[]> {
    if (typeof uri !== 'string') return [];
    const editor = this.context.editor();
    await editor.planned(uri);
    return editor.itemsOf(uri).map(({ plan, path }) => {
      const state = editor.items.of(uri, plan);
      return {
        id: plan.id,
        kind: plan.kind,
        line: editor.lineOf({ uri, path }),
        state: state?.state ?? 'not run',
        summary: itemText(plan, state),
      };
    });
  }
}
