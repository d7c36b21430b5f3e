/**
 * One place of the pool: at most one worker process and at most one job in it. Starts the worker when the first job
 * arrives, keeps it warm for the next, ends it when it has been idle for a while, and enforces the limits.
 */
import type { Finding } from '@noether/engine/catalog';
import type { Task } from '../plan/plan.ts';
import {
  crashedFinding,
  endingInWords,
  memoryLimitFinding,
  restartedFinding,
  timeLimitFinding,
} from './findings.ts';
import type { Job } from './job.ts';
import type { FromWorker, Outcome } from './messages.ts';
import { type Ending, startWorker, type WorkerProcess } from './worker-process.ts';

export interface SlotOptions {
  readonly workerFile: string;
  readonly memoryLimit: number;
  /** Seconds of idleness after which the worker is ended. */
  readonly idle: number;
  log(line: string): void;
  /** The slot is free again; `again` is a job to be run once more since its worker crashed. */
  onFree(again?: Job): void;
}

/** Seconds that a worker may take to say that it is ready. Slow disks are slow; a hang is a crash. */
const startLimit = 60;
/** Seconds that a cancelled task has to stop by itself, which keeps its worker warm, before the worker is killed. */
const cancelGrace = 0.08;

/** Seconds for a task that states no limit: a description only reads headers and builds a model. */
const describeLimit = 60;

/** Why the slot itself ended a worker; undefined when the worker ended by itself. */
type Reason = 'cancelled' | 'time-limit' | 'start-limit';

export class Slot {
  readonly #options: SlotOptions;
  #worker: WorkerProcess | undefined;
  /** Workers that were dismissed and may still be ending. */
  readonly #leaving = new Set<Promise<Ending>>();
  #ready = false;
  #job: Job | undefined;
  #reason: Reason | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get job(): Job | undefined {
    return this.#job;
  }

  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  /** Gives the job to the slot's worker, starting one if there is none. The slot must be free. */
  run(job: Job): void {
    this.#job = job;
    this.#worker ??= this.#start();
    const { task, settings } = job.request;
    this.#worker.send({ type: 'run', task, settings });
    if (this.#ready) this.#startClock();
    else this.#setTimer(startLimit, () => this.#end('start-limit'));
    job.request.onStart?.();
  }

  /** Asks the running task to stop, and kills its worker if it has not within {@link cancelGrace}. */
  cancel(): void {
    if (!this.#job || this.#reason) return;
    this.#reason = 'cancelled';
    this.#worker?.send({ type: 'cancel' });
    this.#setTimer(cancelGrace, () => this.#worker?.kill());
  }

  /** Kills the worker at once and settles when no process is left. A job in it ends as cancelled. */
  async close(): Promise<void> {
    this.#reason = 'cancelled';
    const ended = this.#worker?.ended;
    this.kill();
    await Promise.all([ended, ...this.#leaving]);
  }

  /** Kills the worker; for the last moment of the process, when nothing can be awaited. */
  kill(): void {
    this.#setTimer(undefined);
    this.#worker?.kill();
  }

  #start(): WorkerProcess {
    const { workerFile, memoryLimit, log } = this.#options;
    this.#ready = false;
    const worker: WorkerProcess = startWorker({
      file: workerFile,
      memoryLimit,
      onMessage: (message) => {
        if (worker === this.#worker) this.#receive(message);
      },
      onLog: (line) => log(`worker ${worker.pid}: ${line}`),
    });
    void worker.ended.then((ending) => {
      if (worker === this.#worker) this.#onEnded(ending);
    });
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#ready = true;
      if (this.#job && !this.#reason) this.#startClock();
    } else if (message.type === 'progress') {
      const { type: _, ...progress } = message;
      if (!this.#reason) this.#job?.request.onProgress?.(progress);
    } else if (message.type === 'outcome') this.#onOutcome(message.outcome);
  }

  #onOutcome(outcome: Outcome): void {
    const job = this.#job;
    const reason = this.#reason;
    // A limit has struck and the kill is on its way: what the worker still says comes too late.
    if (!job || (reason && reason !== 'cancelled')) return;
    this.#job = undefined;
    this.#reason = undefined;
    this.#setTimer(this.#options.idle, () => this.#dismiss(), 'in the background');
    if (reason === 'cancelled') job.settle(cancelled);
    else if (job.lostTo) {
      job.settle({ ...outcome, findings: [...outcome.findings, restartedFinding(job.lostTo)] });
    } else job.settle(outcome);
    this.#options.onFree();
  }

  /** Lets an idle worker go. The slot can start another at once. */
  #dismiss(): void {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    this.#leaving.add(worker.ended);
    void worker.ended.then(() => this.#leaving.delete(worker.ended));
    worker.kill();
  }

  #startClock(): void {
    this.#setTimer(timeLimitOf(this.#job!.request.task), () => this.#end('time-limit'));
  }

  #end(reason: Reason): void {
    this.#reason = reason;
    this.#worker?.kill();
  }

  #onEnded(ending: Ending): void {
    const job = this.#job;
    const reason = this.#reason;
    this.#setTimer(undefined);
    this.#worker = undefined;
    this.#job = undefined;
    this.#reason = undefined;
    this.#options.onFree(job && this.#settleEnded(job, reason, ending));
  }

  /** Settles the job that a worker has left behind, or returns it when it is to be run once more. */
  #settleEnded(job: Job, reason: Reason | undefined, ending: Ending): Job | undefined {
    if (reason === 'cancelled') job.settle(cancelled);
    else if (reason === 'time-limit') job.settle(failed(timeLimitFinding(timeLimitOf(job.request.task))));
    else if (ending.outOfMemory) job.settle(failed(memoryLimitFinding(this.#options.memoryLimit)));
    else {
      const cause =
        reason === 'start-limit' ? { ...ending, startError: `not ready after ${startLimit} s` } : ending;
      if (!job.lostTo) {
        job.lostTo = cause;
        this.#options.log(`a worker ended unexpectedly (${endingInWords(cause)}); its task is run once more`);
        return job;
      }
      job.settle(failed(crashedFinding(cause)));
    }
    return undefined;
  }

  #setTimer(seconds: number | undefined, action?: () => void, mode?: 'in the background'): void {
    clearTimeout(this.#timer);
    // Timers count milliseconds in 31 bits; a longer limit is as good as none.
    this.#timer =
      seconds === undefined ? undefined : setTimeout(action!, Math.min(seconds * 1000, 2 ** 31 - 1));
    // Waiting for idleness must not keep a process alive that has nothing else to do.
    if (mode) this.#timer?.unref();
  }
}

const cancelled: Outcome = { status: 'cancelled', findings: [] };

function failed(finding: Finding): Outcome {
  return { status: 'failed', findings: [finding] };
}

function timeLimitOf(task: Task): number {
  return task.kind === 'describe' ? describeLimit : task.timeLimit;
}
