/**
 * The one way in which tasks are run, by the command line and by the language server: from the cache if the very same
 * inputs have been seen before, else by the pool; identical tasks that run at the same time run once.
 */
import { findingOf } from '@noether/engine/catalog';
import type { RunSettings, Task } from '../plan/plan.ts';
import type { ResultCache } from './cache.ts';
import { deferred } from './deferred.ts';
import { createFileHasher } from './file-hash.ts';
import { changedFinding } from './findings.ts';
import { type Inputs, inputsOf } from './inputs.ts';
import type { JobHandle, JobRequest } from './job.ts';
import type { Outcome } from './messages.ts';
import type { Pool } from './pool.ts';
import { fitted, isResult, portable } from './portable.ts';

export interface Completed {
  readonly outcome: Outcome;
  /** From an identical earlier run. */
  readonly cached: boolean;
  /** What the outcome belongs to; empty when a file could not be read, or when it was cancelled before that was known. */
  readonly inputsHash: string;
}

export interface ScheduledRequest extends JobRequest {
  /** Run, whatever the cache holds. */
  readonly fresh?: boolean;
}

export interface ScheduledJob {
  /** Never rejects. */
  readonly result: Promise<Completed>;
  /** The result is 'cancelled' within 200 ms. Another request for the same inputs goes on. */
  cancel(): void;
}

export interface Scheduler {
  submit(request: ScheduledRequest): ScheduledJob;
  /** @throws Fault `job/unreadable-input` when a file of the task cannot be read. */
  inputsHash(task: Task, settings: RunSettings): Promise<string>;
  /** The outcome of an earlier run with these inputs. Never runs anything. */
  cached(inputsHash: string, task: Task): Promise<Outcome | undefined>;
  readonly running: number;
  readonly queued: number;
  clearCache(): Promise<void>;
  /** Cancels everything and ends all workers. */
  close(): Promise<void>;
}

/** A run that several requests wait for. */
interface SharedRun {
  readonly job: JobHandle;
  readonly followers: Set<ScheduledRequest>;
  readonly state: { readonly started: boolean };
  /** The outcome, fit for any of the tasks that share it. */
  readonly outcome: Promise<Outcome>;
}

/** @param cache leave it out to run everything anew and keep nothing. */
export function createScheduler(pool: Pool, cache?: ResultCache): Scheduler {
  const hasher = createFileHasher();
  const shared = new Map<string, SharedRun>();

  async function lookUp(inputsHash: string, task: Task): Promise<Outcome | undefined> {
    if (!isKept(task)) return undefined;
    const entry = await cache?.get(inputsHash);
    return isResult(entry) ? fitted(entry, task) : undefined;
  }

  function begin(request: ScheduledRequest, inputs: Inputs): SharedRun {
    const { task, settings, priority } = request;
    const followers = new Set([request]);
    // The pool may start the job before `submit` returns, so what it calls must be there before.
    const state = { started: false };
    const job = pool.submit({
      task,
      settings,
      priority,
      onStart: () => {
        state.started = true;
        for (const follower of followers) follower.onStart?.();
      },
      onProgress: (progress) => {
        for (const follower of followers) follower.onProgress?.(progress);
      },
    });
    const run: SharedRun = {
      job,
      followers,
      state,
      outcome: job.outcome.then(async (outcome) => {
        const kept = await keep(outcome, task, inputs);
        if (shared.get(inputs.hash) === run) shared.delete(inputs.hash);
        return kept;
      }),
    };
    shared.set(inputs.hash, run);
    return run;
  }

  /** Makes sure that the outcome belongs to the inputs, and stores it. */
  async function keep(outcome: Outcome, task: Task, inputs: Inputs): Promise<Outcome> {
    if (outcome.status === 'cancelled') return outcome;
    const changed = await changedFile(inputs);
    if (changed !== undefined) return { status: 'failed', findings: [changedFinding(changed)] };
    const result = portable(outcome, task);
    if (outcome.status === 'done' && isKept(task)) {
      const findings = result.findings.filter(({ code }) => code !== 'job/worker-restarted');
      await cache?.put(inputs.hash, { ...result, findings });
    }
    return result;
  }

  /** A file whose bytes are no longer those that were hashed before the run. */
  async function changedFile({ files }: Inputs): Promise<string | undefined> {
    for (const [file, before] of files) {
      const now = await hasher.hash(file).catch(() => undefined);
      if (now !== before) return file;
    }
    return undefined;
  }

  function submit(request: ScheduledRequest): ScheduledJob {
    const { task, settings } = request;
    const giveUp = deferred<Completed>();
    let cancelled = false;
    let run: SharedRun | undefined;
    let inputsHash = '';

    async function complete(): Promise<Completed> {
      let inputs: Inputs;
      try {
        inputs = await inputsOf(task, settings, hasher);
      } catch (error) {
        return {
          outcome: { status: 'failed', findings: [findingOf(error)] },
          cached: false,
          inputsHash,
        };
      }
      inputsHash = inputs.hash;
      const earlier = request.fresh || cancelled ? undefined : await lookUp(inputs.hash, task);
      if (cancelled) return giveUp.promise;
      if (earlier) return { outcome: earlier, cached: true, inputsHash };
      run = shared.get(inputs.hash);
      if (run) join(run, request);
      else run = begin(request, inputs);
      const outcome = await run.outcome;
      return { outcome: fitted(outcome, task), cached: false, inputsHash };
    }

    return {
      result: Promise.race([complete(), giveUp.promise]),
      cancel() {
        if (cancelled) return;
        cancelled = true;
        run?.followers.delete(request);
        if (run && run.followers.size === 0) {
          // Nobody waits for it any more, and nobody may join what is about to end.
          if (shared.get(inputsHash) === run) shared.delete(inputsHash);
          run.job.cancel();
        } else giveUp.resolve({ outcome: { status: 'cancelled', findings: [] }, cached: false, inputsHash });
      },
    };
  }

  return {
    submit,
    inputsHash: async (task, settings) => (await inputsOf(task, settings, hasher)).hash,
    cached: lookUp,
    get running() {
      return pool.running;
    },
    get queued() {
      return pool.queued;
    },
    clearCache: async () => cache?.clear(),
    close: () => pool.close(),
  };
}

/** A later request for what already waits or runs: it may be more urgent, and wants to know that it has started. */
function join(run: SharedRun, request: ScheduledRequest): void {
  run.followers.add(request);
  run.job.raise(request.priority ?? 'asked');
  if (run.state.started) request.onStart?.();
}

/**
 * Whether results are worth keeping. A training keeps its weights itself, with its result inside, and looks whether they are
 * still there; times are to be measured anew.
 */
function isKept(task: Task): boolean {
  if (task.kind === 'claim') return task.measures.every(({ measure }) => measure !== 'time');
  return task.kind !== 'train' && task.kind !== 'benchmark';
}
