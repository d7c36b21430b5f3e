/** A small language client over stdio: what an editor does, without an editor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import {
  type ChecksParams,
  checksNotification,
  type InitializationOptions,
  type Settings,
  type StatusParams,
  statusNotification,
  type TrainingInfo,
  trainingNotification,
} from '../../src/protocol.ts';

export interface ClientOptions {
  /** Workspace folders, absolute. */
  readonly folders: readonly string[];
  /** Answers to `workspace/configuration`. */
  readonly settings?: Partial<Settings>;
  readonly initializationOptions?: InitializationOptions;
  readonly capabilities?: ClientCapabilities;
}

/** The command line, which starts the server with `lsp --stdio`. */
export const serverEntry = fileURLToPath(new URL('../../src/noether.ts', import.meta.url));

export class TestClient {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly checks = new Map<string, ChecksParams>();
  readonly statuses: StatusParams[] = [];
  readonly trainings: TrainingInfo[] = [];
  readonly logs: string[] = [];
  /** Everything that the server wrote to standard error: a stack trace there is a failure. */
  stderr = '';
  settings: Partial<Settings>;
  initialized!: InitializeResult;
  lensRefreshes = 0;
  private readonly versions = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private readonly waiters = new Set<() => void>();

  private constructor({ settings = {} }: ClientOptions) {
    this.settings = settings;
    this.process = spawn(
      process.execPath,
      [serverEntry, 'lsp', '--stdio', `--clientProcessId=${process.pid}`],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    this.process.stderr!.on('data', (data) => {
      this.stderr += data;
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout!),
      new StreamMessageWriter(this.process.stdin!),
    );
    this.listen();
    this.connection.listen();
  }

  static async start(options: ClientOptions): Promise<TestClient> {
    const client = new TestClient(options);
    const folders = options.folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder }));
    client.initialized = await client.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: folders[0]?.uri ?? null,
      workspaceFolders: folders,
      initializationOptions: options.initializationOptions,
      capabilities: options.capabilities ?? {
        workspace: {
          configuration: true,
          didChangeWatchedFiles: { dynamicRegistration: true },
          codeLens: { refreshSupport: true },
          inlayHint: { refreshSupport: true },
        },
        textDocument: { completion: { completionItem: { snippetSupport: true } } },
        window: { workDoneProgress: true },
      },
    });
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  /** Opens a file with its text on disk. */
  async open(file: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    const text = readFileSync(file, 'utf8');
    this.texts.set(uri, text);
    this.versions.set(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'equi', version: 1, text },
    });
    return uri;
  }

  text(uri: string): string {
    return this.texts.get(uri)!;
  }

  /** Replaces the first occurrence of `from`; the file on disk stays as it is. */
  async edit(uri: string, from: string, to: string): Promise<number> {
    const before = this.text(uri);
    if (!before.includes(from)) throw new Error(`The text does not have: ${from}`);
    const text = before.replace(from, () => to);
    const version = this.versions.get(uri)! + 1;
    this.texts.set(uri, text);
    this.versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
    return version;
  }

  async save(uri: string): Promise<void> {
    writeFileSync(fileURLToPath(uri), this.text(uri));
    await this.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  }

  request<T>(method: string, uri: string, params: object = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...params });
  }

  /** The position of the `|` in `marked`, which is a part of the text with the bar put in. */
  position(uri: string, marked: string): { line: number; character: number } {
    const text = this.text(uri);
    const start = text.indexOf(marked.replace('|', ''));
    if (start < 0) throw new Error(`The text does not have: ${marked}`);
    const before = text.slice(0, start + marked.indexOf('|')).split('\n');
    return { line: before.length - 1, character: before.at(-1)!.length };
  }

  execute<T>(command: string, ...args: unknown[]): Promise<T> {
    return this.connection.sendRequest('workspace/executeCommand', { command, arguments: args });
  }

  diagnostics(uri: string): Diagnostic[] {
    return this.published.get(uri)?.diagnostics ?? [];
  }

  state(uri: string, name: string): string | undefined {
    return this.checks.get(uri)?.checks.find(({ id }) => id.startsWith(name))?.state;
  }

  /** Resolves as soon as the condition holds; looks whenever the server says something. */
  async until<T>(what: string, condition: () => T | undefined | false, seconds = 30): Promise<T> {
    const found = condition();
    if (found) return found;
    return new Promise<T>((resolve, reject) => {
      const look = () => {
        const value = condition();
        if (!value) return;
        clearTimeout(timer);
        this.waiters.delete(look);
        resolve(value);
      };
      const timer = setTimeout(() => {
        this.waiters.delete(look);
        reject(new Error(`After ${seconds} s still waiting for: ${what}\n${this.situation()}`));
      }, seconds * 1000);
      this.waiters.add(look);
    });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await ended;
    this.connection.dispose();
  }

  private situation(): string {
    const checks = [...this.checks.values()].flatMap(({ checks }) =>
      checks.map(({ id, state }) => `${id}: ${state}`),
    );
    return [...checks, ...this.logs.slice(-10), this.stderr.slice(-2000)].join('\n');
  }

  private listen(): void {
    const { connection } = this;
    const heard = () => {
      for (const look of [...this.waiters]) look();
    };
    connection.onNotification(trainingNotification, (info: TrainingInfo) => {
      this.trainings.push(info);
      heard();
    });
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      heard();
    });
    connection.onNotification(checksNotification, (params: ChecksParams) => {
      this.checks.set(params.uri, params);
      heard();
    });
    connection.onNotification(statusNotification, (params: StatusParams) => {
      this.statuses.push(params);
      heard();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logs.push(message);
      heard();
    });
    connection.onNotification('$/progress', () => heard());
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/codeLens/refresh', () => {
      this.lensRefreshes += 1;
      heard();
      return null;
    });
    connection.onRequest('workspace/inlayHint/refresh', () => null);
  }
}

/** The quick-start workspace of the repository. */
export const quickstart = join(fileURLToPath(new URL('../../../test-fixtures/quickstart', import.meta.url)));
