/** One language server and the connection to it. Survives a restart: listeners stay, the client is made anew. */
import {
  type ChecksParams,
  checksNotification,
  type InitializationOptions,
  type StatusParams,
  statusNotification,
  type TrainingInfo,
  trainingNotification,
  trustedNotification,
} from '@noether/server/protocol';
import * as vscode from 'vscode';
import {
  type ConfigurationParams,
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { PythonChoice } from './python-choice.ts';

export class Session implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly statusEmitter = new vscode.EventEmitter<StatusParams | undefined>();
  private readonly python = new PythonChoice();
  private readonly checksEmitter = new vscode.EventEmitter<ChecksParams>();
  private readonly trainingEmitter = new vscode.EventEmitter<TrainingInfo>();
  private readonly startedEmitter = new vscode.EventEmitter<void>();
  private readonly context: vscode.ExtensionContext;
  private readonly log: vscode.LogOutputChannel;

  /** What the server is doing; `undefined` while there is none. */
  readonly onStatus = this.statusEmitter.event;
  /** The states of the checks of one document. */
  readonly onChecks = this.checksEmitter.event;
  /** A training that was asked for has changed. */
  readonly onTraining = this.trainingEmitter.event;
  /** A server is there, at first or after a restart: it knows nothing of what was asked before. */
  readonly onStarted = this.startedEmitter.event;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.context = context;
    this.log = log;
    // The server then asks for its settings again.
    this.python.onChange(() => {
      void this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: undefined });
    });
    void this.python.watch();
  }

  async start(): Promise<void> {
    const client = new LanguageClient('noether', 'Noether', this.serverOptions(), this.clientOptions());
    client.onNotification(statusNotification, (status: StatusParams) => this.statusEmitter.fire(status));
    client.onNotification(checksNotification, (checks: ChecksParams) => this.checksEmitter.fire(checks));
    client.onNotification(trainingNotification, (info: TrainingInfo) => this.trainingEmitter.fire(info));
    this.client = client;
    try {
      await client.start();
      this.startedEmitter.fire();
      this.log.info('The language server is running.');
    } catch (error) {
      this.statusEmitter.fire(undefined);
      const choice = await vscode.window.showErrorMessage(
        `Noether's language server did not start: ${error instanceof Error ? error.message : error}`,
        'Show Log',
      );
      if (choice) this.log.show();
    }
  }

  get running(): boolean {
    return this.client?.isRunning() ?? false;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Tells the server that it may run models now. */
  trust(): void {
    void this.client?.sendNotification(trustedNotification);
  }

  /** Runs one of the server's commands; `undefined` when there is no server. */
  async execute(command: string, ...args: unknown[]): Promise<unknown> {
    if (!this.client?.isRunning()) {
      void vscode.window.showWarningMessage(
        'Noether’s language server is not running. “Noether: Restart Server” starts it.',
      );
      return undefined;
    }
    return this.client.sendRequest('workspace/executeCommand', { command, arguments: args });
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.python.dispose();
    this.statusEmitter.dispose();
    this.checksEmitter.dispose();
    this.trainingEmitter.dispose();
    this.startedEmitter.dispose();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.statusEmitter.fire(undefined);
    if (client?.needsStop()) await client.stop();
  }

  private serverOptions(): ServerOptions {
    const module = this.context.asAbsolutePath('dist/noether.mjs');
    const node = vscode.workspace.getConfiguration('noether').get<string>('node')?.trim();
    // Without a setting the server runs in the editor's own Node; its workers inherit it.
    const run = { module, args: ['lsp'], transport: TransportKind.stdio, ...(node ? { runtime: node } : {}) };
    return { run, debug: run };
  }

  private clientOptions(): LanguageClientOptions {
    const initializationOptions: InitializationOptions = {
      trusted: vscode.workspace.isTrusted,
      showsTrainings: true,
    };
    return {
      documentSelector: [{ language: 'equi', scheme: 'file' }],
      outputChannel: this.log,
      initializationOptions,
      synchronize: { configurationSection: 'noether' },
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            return Array.isArray(answers)
              ? answers.map((answer, i) => this.withPython(params, i, answer))
              : answers;
          },
        },
      },
    };
  }

  /** The setting wins over the Python extension's choice: whoever wrote it meant Noether. */
  private withPython({ items }: ConfigurationParams, i: number, answer: unknown): unknown {
    const { section, scopeUri } = items[i]!;
    if (section !== 'noether' || typeof answer !== 'object' || answer === null) return answer;
    if ((answer as { python?: string }).python) return answer;
    const python = this.python.of(scopeUri);
    return python === undefined ? answer : { ...answer, python };
  }
}
