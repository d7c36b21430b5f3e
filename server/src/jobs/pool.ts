/**
 * Runs tasks in worker processes: as many at a time as there are slots, the most urgent first. Processes, not threads:
 * native libraries crash and block, and a process can be killed, limited and started again.
 */
import { availableParallelism } from 'node:os';
import { deferred } from './deferred.ts';
import { type Job, type JobHandle, type JobRequest, rankOf, takeNext } from './job.ts';
import type { Outcome } from './messages.ts';
import { Slot } from './slot.ts';
import { workerFile } from './worker-file.ts';

export interface PoolOptions {
  /** Worker processes at most; they start when first needed. Default: the processors, at most 4. */
  readonly workers?: number;
  /** MB of memory that one worker may take. Default 4096. */
  readonly memoryLimit?: number;
  /** Seconds after which a worker that has nothing to do is ended. Default 60. */
  readonly idle?: number;
  /** Takes what workers print, and news of restarts. Default: nothing is kept. */
  readonly log?: (line: string) => void;
  /** Entry of the worker; tests put another in its place. */
  readonly workerFile?: string;
}

export interface Pool {
  submit(request: JobRequest): JobHandle;
  /** Jobs with a worker, and jobs that wait for one. */
  readonly running: number;
  readonly queued: number;
  /** Process ids of the living workers. */
  readonly pids: readonly number[];
  /** Cancels everything and ends all workers; settles when no process is left. Later jobs end as cancelled. */
  close(): Promise<void>;
}

export function createPool(options: PoolOptions = {}): Pool {
  const size = options.workers ?? Math.min(availableParallelism(), 4);
  const queue: Job[] = [];
  let submitted = 0;
  let closed = false;

  const slots = Array.from(
    { length: Math.max(1, Math.floor(size)) },
    () =>
      new Slot({
        workerFile: options.workerFile ?? workerFile(),
        memoryLimit: options.memoryLimit ?? 4096,
        idle: options.idle ?? 60,
        log: options.log ?? (() => {}),
        onFree: (again) => {
          if (again && closed) again.settle(cancelled);
          else if (again) queue.push(again);
          pump();
        },
      }),
  );

  // If this process ends without having closed the pool, the workers go with it.
  const killAll = () => {
    for (const slot of slots) slot.kill();
  };
  process.once('exit', killAll);

  function pump(): void {
    while (!closed && queue.length > 0) {
      const free = slots.filter((slot) => !slot.job);
      const slot = free.find(({ pid }) => pid !== undefined) ?? free[0];
      if (!slot) return;
      slot.run(takeNext(queue)!);
    }
  }

  function submit(request: JobRequest): JobHandle {
    const { promise: outcome, resolve: settle } = deferred<Outcome>();
    const job: Job = { request, number: submitted++, rank: rankOf(request.priority), settle };
    if (closed) settle(cancelled);
    else queue.push(job);
    pump();
    return {
      outcome,
      cancel: () => {
        const place = queue.indexOf(job);
        if (place >= 0) {
          queue.splice(place, 1);
          settle(cancelled);
        } else slots.find((slot) => slot.job === job)?.cancel();
      },
      raise: (priority) => {
        job.rank = Math.min(job.rank, rankOf(priority));
      },
    };
  }

  return {
    submit,
    get running() {
      return slots.filter(({ job }) => job).length;
    },
    get queued() {
      return queue.length;
    },
    get pids() {
      return slots.flatMap(({ pid }) => pid ?? []);
    },
    async close() {
      closed = true;
      process.off('exit', killAll);
      for (const job of queue.splice(0)) job.settle(cancelled);
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

const cancelled: Outcome = { status: 'cancelled', findings: [] };
