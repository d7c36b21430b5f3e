/** A job: one task on its way through the pool. */
import type { RunSettings, Task } from '../plan/plan.ts';
import type { Outcome, Progress } from './messages.ts';
import type { Ending } from './worker-process.ts';

/** What the user asked for comes before what a save started, and that before what is only good to know. */
export type Priority = 'asked' | 'saved' | 'background';

const ranks: Readonly<Record<Priority, number>> = { asked: 0, saved: 1, background: 2 };

export interface JobRequest {
  readonly task: Task;
  readonly settings: RunSettings;
  /** Default 'asked'. */
  readonly priority?: Priority;
  /** Called when a worker takes the job; again when it is re-run after a crash. */
  onStart?(): void;
  onProgress?(progress: Progress): void;
}

export interface JobHandle {
  /** Never rejects: whatever goes wrong is an outcome with findings. */
  readonly outcome: Promise<Outcome>;
  /** Takes it from the queue, or ends its worker; the outcome is then 'cancelled' within 200 ms. */
  cancel(): void;
  /** Moves a queued job up when someone asks for it more urgently. */
  raise(priority: Priority): void;
}

/** The pool's own view of a job. */
export interface Job {
  readonly request: JobRequest;
  /** Order of arrival: the second key of the queue. */
  readonly number: number;
  rank: number;
  /** How the worker ended that was lost under it, once that has happened. */
  lostTo?: Ending;
  settle(outcome: Outcome): void;
}

export function rankOf(priority: Priority = 'asked'): number {
  return ranks[priority];
}

/** Takes the most urgent job out of the queue, the oldest among equals. */
export function takeNext(queue: Job[]): Job | undefined {
  let best = 0;
  for (let i = 1; i < queue.length; i++) if (compare(queue[i]!, queue[best]!) < 0) best = i;
  return queue.splice(best, 1)[0];
}

function compare(a: Job, b: Job): number {
  return a.rank - b.rank || a.number - b.number;
}
