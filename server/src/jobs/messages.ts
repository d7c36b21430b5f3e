/** What the server and a worker process say to each other: plain JSON over the channel that `fork` opens. */
import type {
  BackendState,
  CurvePoint,
  Finding,
  PythonDescription,
  PythonQuestion,
  TableAnswer,
  TableQuestion,
} from '@noether/engine/catalog';
import type { RunSettings, Task } from '../plan/plan.ts';
import type {
  BenchmarkOutcome,
  CheckOutcome,
  ClaimOutcome,
  CompareOutcome,
  DescribeOutcome,
  DiscoverOutcome,
  TrainOutcome,
} from '../report/report.ts';
import type { CloudsAnswer, CloudsQuestion } from './ask-clouds.ts';
import type { Evaluated, EvaluateRequest } from './evaluate-in-worker.ts';
import type { ExportAnswer, ExportRequest } from './export-request.ts';

export type Outcome =
  | CheckOutcome
  | DescribeOutcome
  | TrainOutcome
  | BenchmarkOutcome
  | CompareOutcome
  | DiscoverOutcome
  | ClaimOutcome;

/** Server -> worker. A worker has one task at a time. */
export type ToWorker =
  | { readonly type: 'run'; readonly task: Task; readonly settings: RunSettings }
  /** Stop the running task soon. A worker that does not manage to is killed. */
  | { readonly type: 'cancel' }
  /** Ask which backends load on this machine. */
  | { readonly type: 'survey' }
  /** Make one run of a comparison. */
  | { readonly type: 'evaluate'; readonly request: EvaluateRequest }
  /** Ask what a Python callable takes. */
  | { readonly type: 'python'; readonly question: PythonQuestion }
  /** Write a built-in model to files. */
  | { readonly type: 'export'; readonly request: ExportRequest }
  /** Predict the classes of a table. */
  | { readonly type: 'table'; readonly question: TableQuestion }
  /** Make clouds with a trained denoiser. */
  | { readonly type: 'clouds'; readonly question: CloudsQuestion };

/** Worker -> server. */
export type FromWorker =
  | { readonly type: 'ready'; readonly pid: number }
  | ({ readonly type: 'progress' } & Progress)
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'survey'; readonly survey: readonly BackendState[] }
  | { readonly type: 'evaluated'; readonly answer: Evaluated | Finding }
  | { readonly type: 'python'; readonly answer: PythonDescription | Finding }
  | { readonly type: 'exported'; readonly answer: ExportAnswer | Finding }
  | { readonly type: 'table'; readonly answer: TableAnswer | Finding }
  | { readonly type: 'clouds'; readonly answer: CloudsAnswer | Finding };

/** How a task gets on: `done` of `total` steps of the named stage ("loading", "elements", …). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly stage: string;
  /** While a model is trained: the step's loss, and the seconds that the training will still take. */
  readonly training?: {
    readonly loss: number;
    readonly secondsLeft: number;
    /** Points of the learning curve that no earlier message of this stage had; a resumed run begins with its old ones. */
    readonly points?: readonly CurvePoint[];
  };
}

/** What a task tells of its training: the whole curve, of which each message takes what is new. */
export interface TrainingProgress {
  readonly loss: number;
  readonly secondsLeft: number;
  readonly curve?: readonly CurvePoint[];
}

/** Runs one task with the engine. The worker gets it by injection, so that tests can put another in its place. */
export type Execute = (
  task: Task,
  settings: RunSettings,
  context: {
    onProgress(done: number, total: number, stage: string, training?: TrainingProgress): void;
    readonly signal: AbortSignal;
  },
) => Promise<Outcome>;
