/** One run of a model in a process of its own, as a comparison needs it: backends of one process share a library. */
import type { Field, Precision } from '@noether/engine/catalog';
import type { DataPlan, ModelPlan, RunSettings } from '../plan/plan.ts';
import type { DataFacts } from '../report/report.ts';
import { askWorker, crashed } from './ask-worker.ts';

export interface EvaluateRequest {
  readonly model: ModelPlan;
  readonly data: DataPlan;
  /** With the backend of this run. */
  readonly settings: RunSettings;
  /** The runtime of an ONNX file, where one is wanted. */
  readonly onnxRuntime?: string;
  readonly precision: Precision;
  /** Measure the rounding of this run by itself. */
  readonly rounding: boolean;
}

/** An array as text: float64 or int32 in the machine's byte order, base64. */
export interface PackedArray {
  readonly shape: readonly number[];
  readonly integers: boolean;
  readonly base64: string;
}

export interface Evaluated {
  readonly outputs: readonly Field[];
  /** Names of the samples. */
  readonly samples: readonly string[];
  /** f(x) of every sample. */
  readonly values: readonly Readonly<Record<string, PackedArray>>[];
  readonly repeat: Readonly<Record<string, number>>;
  readonly rounding?: Readonly<Record<string, readonly number[]>>;
  /** Where it ran. */
  readonly description: string;
  readonly data: DataFacts;
}

export interface EvaluateOptions {
  readonly signal: AbortSignal;
  /** MB. */
  readonly memoryLimit: number;
  log(line: string): void;
}

/**
 * @throws Fault of the run itself, or `job/worker-crashed` when its process ends; the signal's reason when aborted.
 */
export function evaluateInWorker(request: EvaluateRequest, options: EvaluateOptions): Promise<Evaluated> {
  return askWorker<Evaluated>({
    message: { type: 'evaluate', request },
    answerIn: (message) => (message.type === 'evaluated' ? message.answer : undefined),
    lost: (ending) => crashed('The process of this run', ending),
    ...options,
  });
}
