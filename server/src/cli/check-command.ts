/** `noether check`: runs the checks of specifications and reports. */
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Replay } from '@noether/engine/catalog';
import {
  type Completed,
  cacheFolder,
  createCache,
  createPool,
  createScheduler,
  type Scheduler,
  version,
  weightsFolder,
} from '../jobs/index.ts';
import { filesReadBy } from '../jobs/inputs.ts';
import type { RunSettings } from '../plan/plan.ts';
import { buildReport, type FinishedCheck, type Report, renderJson, renderTerminal } from '../report/index.ts';
import { exitCodeOf } from './exit-codes.ts';
import { commandLineFault } from './faults.ts';
import type { Interruption } from './interruption.ts';
import { showProgress } from './progress.ts';
import { override, selectChecks } from './select-checks.ts';
import { type LoadedCheck, type LoadedSpecifications, loadSpecifications } from './specifications.ts';
import type { Terminal } from './terminal.ts';
import { watchFiles } from './watch-files.ts';

export interface CheckFlags {
  /** Where the JSON report goes; `-` is stdout, in place of the table. */
  readonly json?: string;
  readonly only?: readonly string[];
  readonly seed?: number;
  readonly backend: string;
  readonly elements?: number;
  readonly watch?: boolean;
  readonly replay?: Replay;
  readonly cache: boolean;
  readonly workers?: number;
  /** Seconds. */
  readonly timeLimit?: number;
  /** MB. */
  readonly memoryLimit?: number;
  /** MB. */
  readonly maxDataSize: number;
  /** The interpreter of Python models that name none: a command, or a path. */
  readonly python?: string;
  readonly verbose?: boolean;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly interruption: Interruption;
}

/**
 * Returns the exit code.
 * @param seen gets the report before it is written.
 * @throws CommandLineFault when the command line is wrong.
 */
export async function checkCommand(
  names: readonly string[],
  flags: CheckFlags,
  { terminal, interruption }: CommandContext,
  seen: (report: Report) => void = () => {},
): Promise<number> {
  if (flags.json !== undefined && flags.json !== '-') checkWritable(flags.json);
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const pool = createPool({ workers: flags.workers, memoryLimit: flags.memoryLimit, log });
  const cache = flags.cache ? createCache({ folder: cacheFolder(), log }) : undefined;
  const scheduler = createScheduler(pool, cache);
  interruption.onInterrupt(() => void scheduler.close());
  try {
    if (flags.watch) return await watchAndRun(names, flags, scheduler, terminal, interruption);
    const loaded = await loadSpecifications(names);
    const run = runChecks(loaded, flags, scheduler, terminal);
    const report = await run.report;
    seen(report);
    return finish(report, flags, terminal, interruption);
  } finally {
    await scheduler.close();
  }
}

/** Runs again whenever a file of the checks changes, until interrupted. What has not changed comes from the cache. */
async function watchAndRun(
  names: readonly string[],
  flags: CheckFlags,
  scheduler: Scheduler,
  terminal: Terminal,
  interruption: Interruption,
): Promise<number> {
  const interrupted = new Promise<void>((settle) => interruption.onInterrupt(settle));
  for (;;) {
    const loaded = await loadSpecifications(names);
    const inputs = (await Promise.all(loaded.checks.map(({ plan }) => filesReadBy(plan)))).flat();
    // Watched from before the run, so that no change is missed in it.
    const files = [...loaded.files, ...names.map((name) => resolve(name)), ...inputs];
    const watch = watchFiles(files, loaded.folders);
    const run = runChecks(loaded, flags, scheduler, terminal);
    void watch.changed.then(run.cancel);
    const report = await run.report;
    if (!run.cancelled) {
      finish(report, flags, terminal, interruption);
      if (interruption.code === undefined) terminal.err('Watching for changes; Ctrl-C ends.\n');
    }
    await Promise.race([watch.changed, interrupted]);
    watch.close();
    if (interruption.code !== undefined) return interruption.code;
  }
}

interface Run {
  readonly report: Promise<Report>;
  cancel(): void;
  readonly cancelled: boolean;
}

function runChecks(
  loaded: LoadedSpecifications,
  flags: CheckFlags,
  scheduler: Scheduler,
  terminal: Terminal,
): Run {
  const started = new Date();
  const begin = performance.now();
  const selected = selectChecks(loaded.checks, flags.only ?? []).map((check) => ({
    ...check,
    plan: override(check.plan, flags),
  }));
  if (flags.replay && selected.length !== 1) throw replayNeedsOne(selected);
  const progress = showProgress(selected.length, terminal);
  const settings: RunSettings = {
    backend: flags.backend,
    maxDataBytes: flags.maxDataSize * 2 ** 20,
    ...(flags.python ? { python: flags.python } : {}),
    weightsFolder: weightsFolder(),
  };
  const jobs = selected.map(({ plan }) =>
    scheduler.submit({
      task: plan,
      settings,
      onStart: () => progress.onStart(plan.id),
      onProgress: (heard) => progress.onProgress(plan.id, heard),
    }),
  );
  const finished = selected.map(async (check, i): Promise<FinishedCheck> => {
    const completed = await jobs[i]!.result;
    progress.onEnd(check.plan.id, resultText(completed));
    return { ...check, ...completed, backend: flags.backend };
  });
  const state = { cancelled: false };
  return {
    report: Promise.all(finished).then((checks) => {
      progress.close();
      const seconds = (performance.now() - begin) / 1000;
      return buildReport({ engine: version, started, seconds, checks, findings: loaded.findings });
    }),
    cancel() {
      state.cancelled = true;
      for (const job of jobs) job.cancel();
    },
    get cancelled() {
      return state.cancelled;
    },
  };
}

function resultText({ outcome, cached }: Completed): string {
  const verdict = 'verification' in outcome ? outcome.verification?.verdict : undefined;
  if (outcome.status !== 'done' || !verdict) return outcome.status === 'cancelled' ? 'cancelled' : 'not run';
  return cached ? `${verdict} (from the cache)` : verdict;
}

/** Writes the report to where it is wanted, and returns the exit code. */
export function finish(
  report: Report,
  flags: CheckFlags,
  terminal: Terminal,
  interruption: Interruption,
): number {
  if (flags.json === '-') terminal.out(renderJson(report));
  else {
    if (flags.json !== undefined) writeAside(flags.json, renderJson(report));
    terminal.out(renderTerminal(report, terminal.style));
  }
  return interruption.code ?? exitCodeOf(report);
}

export function checkWritable(file: string): void {
  const problem = !existsSync(dirname(resolve(file)))
    ? 'its folder does not exist'
    : existsSync(file) && statSync(file).isDirectory()
      ? 'it is a folder'
      : undefined;
  if (!problem) return;
  throw commandLineFault('spec/report-not-writable', {
    message: `The report cannot be written to ${file}`,
    found: problem,
  });
}

/** A reader of the report never sees half of one. */
export function writeAside(file: string, text: string): void {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, text);
    renameSync(aside, file);
  } catch (error) {
    throw commandLineFault('spec/report-not-writable', {
      message: `The report cannot be written to ${file}`,
      found: (error as Error).message,
    });
  }
}

function replayNeedsOne(selected: readonly LoadedCheck[]) {
  return commandLineFault('spec/replay-needs-one-check', {
    message: '--replay is about one pair of one check',
    expected: 'exactly one check',
    found: selected.length === 0 ? 'none' : selected.map(({ plan }) => plan.id).join(', '),
    advice: 'Name the check with --only, as the replay line of a report does',
  });
}
