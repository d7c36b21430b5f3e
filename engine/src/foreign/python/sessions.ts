/**
 * Python processes that are kept for the next model: importing a library takes seconds, evaluating milliseconds. A process
 * goes on only as long as the sources that it has loaded stay as they were.
 */
import { stat } from 'node:fs/promises';
import type { PythonFacts } from './faults.ts';
import { type PythonProcess, startPython } from './process.ts';

export interface SessionWish {
  readonly interpreter: string;
  /** Where imports start, and the process works. */
  readonly folder: string;
  /** Modules that draw weights while they are imported have drawn them from this seed. */
  readonly seed: number;
}

export interface Session {
  readonly process: PythonProcess;
  /** Gives the process back, with the sources that it has loaded. */
  release(sources: readonly string[]): void;
}

interface Idle {
  readonly process: PythonProcess;
  readonly stamps: ReadonlyMap<string, string>;
  readonly timer: NodeJS.Timeout;
}

/** Idle processes by what they can be used for; one for each. */
const idle = new Map<string, Idle>();

/** Milliseconds after which an idle process is ended. */
const patience = 120_000;

/** A process that nobody else uses: an idle one, or a new one. @throws Fault as `startPython` does. */
export async function openSession(
  wish: SessionWish,
  facts: PythonFacts,
  log: (line: string) => void,
): Promise<Session> {
  const key = JSON.stringify([wish.interpreter, wish.folder, wish.seed]);
  const process = (await takeIdle(key)) ?? (await startPython(wish.interpreter, wish.folder, facts, log));
  process.serve(facts);
  process.hold(true);
  return {
    process,
    release(sources) {
      process.hold(false);
      void keep(key, process, sources);
    },
  };
}

/** Ends all idle processes: for a clean end of tests and of the program. */
export async function closeSessions(): Promise<void> {
  const all = [...idle.values()];
  idle.clear();
  for (const { timer } of all) clearTimeout(timer);
  await Promise.all(all.map(({ process }) => process.end()));
}

async function takeIdle(key: string): Promise<PythonProcess | undefined> {
  const found = idle.get(key);
  if (!found) return undefined;
  idle.delete(key);
  clearTimeout(found.timer);
  if (!found.process.alive) return undefined;
  for (const [file, stamp] of found.stamps) {
    if ((await stampOf(file)) === stamp) continue;
    await found.process.end();
    return undefined;
  }
  return found.process;
}

async function keep(key: string, process: PythonProcess, sources: readonly string[]): Promise<void> {
  const stamps = new Map<string, string>();
  for (const file of sources) stamps.set(file, await stampOf(file));
  const before = idle.get(key);
  if (!process.alive || before) {
    await process.end();
    return;
  }
  const timer = setTimeout(() => {
    if (idle.get(key)?.process === process) idle.delete(key);
    void process.end();
  }, patience);
  timer.unref();
  idle.set(key, { process, stamps, timer });
}

async function stampOf(file: string): Promise<string> {
  const facts = await stat(file, { bigint: true }).catch(() => undefined);
  return facts ? `${facts.mtimeNs} ${facts.size} ${facts.ino}` : 'gone';
}
