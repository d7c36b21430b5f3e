/**
 * What the editor needs of whoever runs checks (jobs/): the hash of a check's inputs, a look into the cache, a run that
 * can be followed and cancelled. An interface, so that the state machine of the checks is tested without processes.
 */
import type { CheckPlan } from '../plan/plan.ts';
import type { Settings } from '../protocol.ts';
import type { CheckOutcome } from '../report/report.ts';

/** An outcome and the inputs it was computed from. */
export interface RunResult {
  readonly outcome: CheckOutcome;
  /** Content hash of the specification's part, the data, the model and the engine. */
  readonly inputsHash: string;
  readonly cached: boolean;
}

export interface RunProgress {
  /** In 0..1. */
  readonly fraction: number;
  /** What is being done: "loading", "elements". */
  readonly stage?: string;
}

export interface RunRequest {
  readonly check: CheckPlan;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Asked for by a command: run before what saves have started, and whatever the cache holds. */
  readonly asked: boolean;
  /** Called when the check leaves the queue; again when it is started over after a crash. */
  onStart(): void;
  onProgress(progress: RunProgress): void;
}

/** Something happened to the workers that the user should know. */
export interface RunnerEvent {
  /** One sentence: "a worker process ended unexpectedly (SIGKILL) and was restarted". */
  readonly message: string;
}

export interface CheckRunner {
  /** @throws Fault when a file of the check cannot be read. */
  inputsHash(check: CheckPlan, settings: Settings): Promise<string>;
  /** The outcome of an identical earlier run. Never runs anything. */
  cached(inputsHash: string, check: CheckPlan, settings: Settings): Promise<CheckOutcome | undefined>;
  /** Resolves with status `cancelled` when `signal` aborts; rejects only on a defect of ours. */
  run(request: RunRequest): Promise<RunResult>;
  onEvent(listener: (event: RunnerEvent) => void): void;
  clearCache(settings: Settings): Promise<void>;
  dispose(): Promise<void>;
}
