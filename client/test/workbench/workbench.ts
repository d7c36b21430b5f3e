/** Starts a real VS Code workbench with the packaged extension on a copy of a workspace, and a browser that shows it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { installTools } from './tools.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface Workbench {
  readonly page: Page;
  /** The copy of the workspace that is open: tests may write into it. */
  readonly workspace: string;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  /** Folder under test-fixtures. */
  readonly fixture: string;
  readonly chromium: string;
  /** User settings beyond the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Open the workspace in Restricted Mode; default: trusted. */
  readonly restricted?: boolean;
  /** Writes more files into the copy of the workspace, before the workbench lists them for the first time. */
  readonly prepare?: (workspace: string) => void;
  /** Folders of further extensions to install. */
  readonly extensions?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
}

const quiet = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'files.autoSave': 'off',
};

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const tools = installTools();
  const home = mkdtempSync(join(tmpdir(), 'noether-workbench-'));
  const workspace = join(home, 'workspace');
  cpSync(join(root, 'test-fixtures', options.fixture), workspace, { recursive: true });
  options.prepare?.(workspace);
  const userData = join(home, 'user');
  mkdirSync(join(userData, 'User'), { recursive: true });
  const settings = {
    ...quiet,
    // Without a prompt a workspace that is not trusted opens in Restricted Mode.
    'security.workspace.trust.startupPrompt': 'never',
    'noether.cacheFolder': join(home, 'cache'),
    ...options.settings,
  };
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(settings));
  writeFileSync(join(home, 'config.yaml'), 'cert: false\n');

  const entry = join(tools, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const environment = {
    ...process.env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_DATA_HOME: join(home, 'share'),
    XDG_CONFIG_HOME: join(home, 'config'),
    // Trained weights are kept there: what another run trained would be found.
    XDG_CACHE_HOME: join(home, 'kept'),
  };
  const common = [
    entry,
    ...['--config', join(home, 'config.yaml'), '--user-data-dir', userData],
    ...['--extensions-dir', join(home, 'extensions')],
  ];
  const packages = [root, ...(options.extensions ?? [])].map(packageExtension);
  const install = packages.flatMap((file) => ['--install-extension', file]);
  const installed = spawnSync(process.execPath, [...common, ...install], {
    env: environment,
    encoding: 'utf8',
  });
  if (installed.status !== 0)
    throw new Error(`the extension did not install:\n${installed.stdout}${installed.stderr}`);

  const port = await freePort();
  const trust = options.restricted ? [] : ['--disable-workspace-trust'];
  const server = spawn(
    process.execPath,
    [
      ...common,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', ...trust],
    ],
    { env: environment, detached: true, stdio: 'ignore' },
  );
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close().catch(() => {});
    endGroup(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 60_000);
    browser = await chromium.launch({
      executablePath: options.chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const page = await browser.newPage({ viewport: options.viewport ?? { width: 1360, height: 860 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`http://127.0.0.1:${port}/?folder=${workspace}`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return { page, workspace, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const packaged = new Map<string, string>();

/** An extension as users get it: a .vsix made from its folder, ours from dist/. Once for a process. */
function packageExtension(source: string): string {
  const known = packaged.get(source);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), 'noether-vsix-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'extension.vsix');
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const result = spawnSync(
    process.execPath,
    [
      vsce,
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--skip-license',
      '--no-rewrite-relative-links',
      '-o',
      file,
    ],
    { cwd: source, encoding: 'utf8' },
  );
  if (result.status !== 0 || !existsSync(file)) {
    throw new Error(`the extension could not be packaged:\n${result.stdout}${result.stderr}`);
  }
  packaged.set(source, file);
  return file;
}

/** The server started processes of its own; it was spawned detached, so its group has all of them. */
function endGroup(server: ChildProcess): void {
  try {
    process.kill(-server.pid!, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Polls until the condition holds. @throws Error after `limit` milliseconds, with the last failure. */
export async function until(condition: () => Promise<boolean>, limit: number): Promise<void> {
  const deadline = Date.now() + limit;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nothing happened within ${limit / 1000} s${last ? `: ${last}` : ''}`);
}
