/** What the server and a worker process say to each other: plain JSON over the channel that `fork` opens. */
import type { BackendState } from '@noether/engine/catalog';
import type { RunSettings, Task } from '../plan/plan.ts';
import type { CheckOutcome, DescribeOutcome } from '../report/report.ts';

export type Outcome = CheckOutcome | DescribeOutcome;

/** Server -> worker. A worker has one task at a time. */
export type ToWorker =
  | { readonly type: 'run'; readonly task: Task; readonly settings: RunSettings }
  /** Stop the running task soon. A worker that does not manage to is killed. */
  | { readonly type: 'cancel' }
  /** Ask which backends load on this machine. */
  | { readonly type: 'survey' };

/** Worker -> server. */
export type FromWorker =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly stage: string }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'survey'; readonly survey: readonly BackendState[] };

/** How a task gets on: `done` of `total` steps of the named stage ("loading", "elements", …). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly stage: string;
}

/** Runs one task with the engine. The worker gets it by injection, so that tests can put another in its place. */
export type Execute = (
  task: Task,
  settings: RunSettings,
  context: {
    onProgress(done: number, total: number, stage: string): void;
    readonly signal: AbortSignal;
  },
) => Promise<Outcome>;
