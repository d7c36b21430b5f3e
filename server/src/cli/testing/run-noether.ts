/** Runs the command line as a user does: in a process of its own, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../noether.ts', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../../test-fixtures', import.meta.url));

/** What a shell types for `noether`. */
export const noether = [process.execPath, '--disable-warning=ExperimentalWarning', entry];

export interface Workspace {
  readonly folder: string;
  /** Environment with a cache of the workspace's own, and no wishes about colours. */
  readonly env: NodeJS.ProcessEnv;
  write(name: string, text: string | Uint8Array): string;
  /** Copies a file of test-fixtures/ here. */
  copy(fixture: string, name: string): string;
  remove(): void;
}

export function createWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'noether-cli-'));
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  return {
    folder,
    env: { ...env, XDG_CACHE_HOME: join(folder, 'cache') },
    write(name, text) {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    copy(fixture, name) {
      const file = join(folder, name);
      copyFileSync(join(fixtures, fixture), file);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Settles once the text has been printed on stdout or stderr, so many times. */
  printed(text: string, times?: number): Promise<void>;
}

export function start(workspace: Workspace, command: readonly string[]): Running {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: workspace.folder,
    env: workspace.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
      for (const look of waiting) look();
    });
  }
  return {
    child,
    ended: new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
    }),
    printed: (text, times = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (`${texts.stdout}${texts.stderr}`.split(text).length <= times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('close', () =>
          reject(new Error(`ended without "${text}":\n${texts.stdout}${texts.stderr}`)),
        );
        look();
      }),
  };
}

export function run(workspace: Workspace, ...args: string[]): Promise<Ended> {
  return start(workspace, [...noether, ...args]).ended;
}
