/**
 * Several checks run together, by one save or one command: with one progress bar that cancels them all, and for a save
 * with a time budget, after which those that have not started wait for a command.
 */
import { isGoingOn } from './check.ts';
import { type Checks, postponed, type RunReason } from './checks.ts';

/** The client's progress bar, or nothing where it has none. */
export interface Progress {
  report(message: string, fraction: number): void;
  done(): void;
}

/** Shows a progress bar; `cancel` is called when the user cancels it there. */
export type BeginProgress = (title: string, cancel: () => void) => Promise<Progress | undefined>;

export interface BatchOptions {
  readonly reason: RunReason;
  /** Seconds; only kept for saves. */
  readonly timeBudget: number;
  readonly title: string;
  readonly beginProgress: BeginProgress;
  /** The request that asked for the run was cancelled. */
  readonly signal?: AbortSignal;
}

/** The checks that a save runs: those without a current result that nobody stopped on purpose. */
export function idsForSave(checks: Checks, uri: string): string[] {
  return checks
    .of(uri)
    .filter(({ state }) => state === 'not run' || state === 'stale')
    .map(({ plan }) => plan.id);
}

/** Runs the checks and resolves when the last has ended. */
export async function runBatch(
  checks: Checks,
  uri: string,
  ids: readonly string[],
  options: BatchOptions,
): Promise<void> {
  if (ids.length === 0) return;
  const all = new AbortController();
  const cancel = () => all.abort();
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });

  // One controller a check, so that the budget ends only what is still waiting.
  const waiting = new Map(ids.map((id) => [id, new AbortController()]));
  all.signal.addEventListener('abort', () => {
    for (const controller of waiting.values()) controller.abort();
  });
  const budget =
    options.reason === 'save'
      ? setTimeout(() => {
          for (const [id, controller] of waiting) {
            if (checks.find(uri, id)?.state === 'queued') controller.abort(postponed);
          }
        }, options.timeBudget * 1000)
      : undefined;

  const ended = new Set<string>();
  const runs = ids.map((id) =>
    checks.run(uri, id, options.reason, waiting.get(id)!.signal).finally(() => ended.add(id)),
  );
  // The bar is asked for after the runs have been queued: a slow client must not hold them back.
  const progress = checks.trusted ? await options.beginProgress(options.title, cancel) : undefined;
  const report = () => {
    const running = ids.map((id) => checks.find(uri, id)).find((check) => check?.state === 'running');
    const fraction = (ended.size + (running?.progress?.fraction ?? 0)) / ids.length;
    const name = running ? `: ${running.plan.title}` : '';
    progress?.report(`${Math.min(ended.size + 1, ids.length)} of ${ids.length}${name}`, fraction);
  };
  report();
  const timer = progress ? setInterval(report, 250) : undefined;
  try {
    await Promise.all(runs);
  } finally {
    clearTimeout(budget);
    clearInterval(timer);
    options.signal?.removeEventListener('abort', cancel);
    progress?.done();
  }
}

/** Numbers for the status: over all documents. */
export function countGoingOn(checks: Checks): { running: number; queued: number } {
  const states = checks.uris().flatMap((uri) => checks.of(uri).map(({ state }) => state));
  const going = states.filter(isGoingOn);
  return {
    running: going.filter((state) => state === 'running').length,
    queued: going.filter((state) => state === 'queued').length,
  };
}
