/** One worker process: starting it, talking to it, ending it, and how it ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { memoryLimitVariable, memoryMarker } from './guard.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface WorkerOptions {
  /** Path of the worker's entry. */
  readonly file: string;
  /** MB that the process may take: of JavaScript heap, and resident in all. */
  readonly memoryLimit: number;
  onMessage(message: FromWorker): void;
  /** Each line that the worker prints. */
  onLog(line: string): void;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly outOfMemory: boolean;
  /** The line in which it said what was wrong, if it did. */
  readonly lastWords?: string;
  /** Why it could not be started at all. */
  readonly startError?: string;
}

export interface WorkerProcess {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  /** Ends the process and its children at once. */
  kill(): void;
  /** Settles after the process has ended and its output is read. Never rejects. */
  readonly ended: Promise<Ending>;
}

/** After the process has ended, its output is awaited so long: a grandchild may hold the pipe open. Milliseconds. */
const outputGrace = 200;

const longestLine = 10_000;

export function startWorker({ file, memoryLimit, onMessage, onLog }: WorkerOptions): WorkerProcess {
  const windows = process.platform === 'win32';
  const child = fork(file, [], {
    // A group of its own, so that all of it can be killed at once and Ctrl-C reaches the command line only.
    detached: !windows,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${Math.ceil(memoryLimit)}`, '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, [memoryLimitVariable]: String(memoryLimit * 2 ** 20) },
  });
  let outOfMemory = false;
  const onLine = (line: string) => {
    if (line.includes(memoryMarker) || line.includes('heap out of memory')) outOfMemory = true;
    onLog(line);
  };
  let lastWords: string | undefined;
  forEachLine(child.stdout!, onLine);
  forEachLine(child.stderr!, (line) => {
    // Uncaught errors are printed with their name in front, followed by a stack.
    if (/^\S*(error|fatal|abort)/i.test(line)) lastWords = line.trim().slice(0, 200);
    onLine(line);
  });
  child.on('message', (message) => onMessage(message as FromWorker));

  return {
    pid: child.pid,
    // A send can fail only because the process is ending, which `ended` tells.
    send: (message) => void child.send(message, () => {}),
    kill: () => killGroup(child, windows),
    ended: ending(child).then((end) => ({ ...end, outOfMemory, lastWords })),
  };
}

function ending(child: ChildProcess): Promise<Omit<Ending, 'outOfMemory'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, startError: error.message });
    });
    child.once('exit', (code, signal) => {
      const timer = setTimeout(() => resolve({ code, signal }), outputGrace);
      child.once('close', () => {
        clearTimeout(timer);
        resolve({ code, signal });
      });
    });
  });
}

function killGroup(child: ChildProcess, windows: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (windows) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    // Output without line ends (a progress bar of some library) must not pile up.
    if (rest.length > longestLine) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest) onLine(rest);
  });
  stream.on('error', () => {});
}
