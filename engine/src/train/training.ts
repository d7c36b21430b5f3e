/** What a training run is asked for, and what comes out of it: plain data, rendered by every surface. */
import type { GroupSpec } from '../group/group.ts';

/**
 * What is minimised. l1, mse and huber are taken in standardised units where these are asked for. `denoising` puts noise on the
 * field's positions in the input, and is the squared error of the positions without noise, weighted by the noise (EDM).
 */
export const lossNames = ['cross_entropy', 'l1', 'mse', 'huber', 'denoising'] as const;
export type LossName = (typeof lossNames)[number];

/** What a model is judged by. Classes: accuracy, mean_iou, and of two classes auc. Numbers: mae, mse, in the unit of the data. */
export const metricNames = ['accuracy', 'mean_iou', 'auc', 'mae', 'mse'] as const;
export type MetricName = (typeof metricNames)[number];

export interface LossSpec {
  readonly name: LossName;
  /** The data field that holds the target. */
  readonly field: string;
}

/** How the learning rate goes, as a factor on `rate`. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** Linear rise over `warmup` steps, then half a cosine down to 0 at the last step (Loshchilov & Hutter 2017). */
  | { readonly kind: 'cosine'; readonly warmup: number }
  /** Times `factor` after every `every` steps. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number };

export interface TrainOptions {
  readonly loss: LossSpec;
  /**
   * Train on (target - mean) / deviation of the training samples; vectors are only divided by their root mean square, since
   * a mean vector would break rotations. Predictions are turned back before they are judged.
   */
  readonly standardise: boolean;
  readonly steps: number;
  /** Samples in a step. */
  readonly batch: number;
  /** Learning rate. */
  readonly rate: number;
  readonly schedule: Schedule;
  /** `adam` adds the decay to the gradient, `adamw` takes it off the weights (Loshchilov & Hutter 2019). */
  readonly optimiser: 'adamw' | 'adam' | 'sgd';
  /** Weight decay. */
  readonly decay: number;
  /** Largest norm of the whole gradient; longer ones are shortened to it. 0: any. */
  readonly clip: number;
  /** Decay of the running average of the weights, which is then what is judged and saved; 0: none. */
  readonly average: number;
  /** Samples held out to validate on, and to test on: a share when below 1, else a number of samples. */
  readonly validation: number;
  readonly test: number;
  /** Steps between two validations. */
  readonly every: number;
  /** Validations without a better one after which training ends; the best weights are kept then. 0: never. */
  readonly patience: number;
  /** Each sample is moved by a random element of it before each step, inputs and target alike. */
  readonly augment?: GroupSpec;
  /** Fixes initial weights, split, order and augmentation. */
  readonly seed: number;
}

/** One point of the learning curve. */
export interface CurvePoint {
  /** Steps done. */
  readonly step: number;
  /** Mean of the training loss since the point before. */
  readonly loss: number;
  readonly rate: number;
  /** Loss on the validation samples, where there are some. */
  readonly validation?: number;
}

export type Metrics = Readonly<Partial<Record<MetricName | 'loss', number>>>;

/** predicted = mean + deviation * output, per column of the target; what makes the outputs numbers in the data's unit. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** The result of a run. */
export interface Training {
  /** Steps done, and asked for. */
  readonly steps: number;
  readonly stepsWanted: number;
  readonly ended: 'all steps' | 'no more progress';
  /** The step whose weights were kept, when that is not the last. */
  readonly bestStep?: number;
  readonly curve: readonly CurvePoint[];
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly validation?: Metrics;
  readonly test?: Metrics;
  /** The output that was trained, and its target. */
  readonly output: string;
  readonly loss: LossSpec;
  readonly standardisation?: Standardisation;
  readonly seed: number;
  /** Seconds of wall time, over all sittings of a resumed run; and of the median step of this one. */
  readonly seconds: { readonly total: number; readonly step: number };
  /** The step that this sitting went on from. */
  readonly resumedAt?: number;
}

/** Tells how a run gets on. */
export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly rate: number;
  /** At the pace of the last steps. */
  readonly secondsLeft: number;
  /** The learning curve so far, that of earlier sittings of a resumed run included; the same list grows from call to call. */
  readonly curve: readonly CurvePoint[];
}
