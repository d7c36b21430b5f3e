/** Asks a worker of its own for clouds that a trained denoiser makes. */
import type { GenerationScores } from '@noether/engine/catalog';
import type { RunSettings, TrainPlan } from '../plan/plan.ts';
import { askWorker, crashed } from './ask-worker.ts';
import { timeLimitFinding } from './findings.ts';
import type { Progress } from './messages.ts';

export interface CloudsQuestion {
  /** The training that the denoiser has been through. */
  readonly training: TrainPlan;
  readonly settings: RunSettings;
  readonly count: number;
  readonly steps: number;
  /** Noise levels, in units of the denoiser's data scale. */
  readonly highest: number;
  readonly lowest: number;
  readonly churn: number;
  readonly seed: number;
  /** Compare with what the training held out. */
  readonly compare: boolean;
}

/** One made cloud: its points' coordinates, and the fields that it was given. */
export interface MadeCloud {
  readonly positions: readonly number[];
  /** The sample that lent its size and fields. */
  readonly like: string;
  /** Numbers for each point, by the field's name. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

export interface CloudsAnswer {
  readonly dim: 2 | 3;
  readonly clouds: readonly MadeCloud[];
  readonly scores?: GenerationScores;
  readonly seconds: number;
}

/** @throws Fault `train/not-trained`, `generate/…`, `model/…`, `data/…`; `job/…` when the worker does not answer */
export function askClouds(
  question: CloudsQuestion,
  limit: number,
  onProgress: (progress: Progress) => void,
  log?: (line: string) => void,
): Promise<CloudsAnswer> {
  return askWorker<CloudsAnswer>({
    message: { type: 'clouds', question },
    answerIn: (message) => (message.type === 'clouds' ? message.answer : undefined),
    limit,
    lost: (ending, late) =>
      late ? timeLimitFinding(limit) : crashed('The worker process that makes the clouds', ending),
    onProgress,
    ...(log ? { log } : {}),
  });
}
