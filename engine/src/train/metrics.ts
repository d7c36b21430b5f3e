/** What predictions are worth: float64 arithmetic on the host. */
import type { MetricName, Metrics } from './training.ts';

/** Predictions of one sample and what they should have been. */
export interface Judged {
  /** Logits [rows, width], or numbers [rows, width] in the data's unit. */
  readonly predicted: Float64Array;
  /** Class numbers [rows], or numbers [rows, width]. */
  readonly target: Float64Array;
}

/** The metrics that go with classes and with numbers. */
export function metricsFor(kind: 'classes' | 'numbers'): readonly MetricName[] {
  return kind === 'classes' ? ['accuracy', 'mean_iou'] : ['mae', 'mse'];
}

/**
 * - accuracy: share of all rows whose largest logit is that of their class.
 * - mean_iou: for each sample and each class that is there or predicted, the rows in both over the rows in either; the mean
 *   over the sample's classes, then over samples (the instance mIoU of ShapeNet's part segmentation, but over the classes
 *   that occur).
 * - mae, mse: mean absolute and mean squared difference over all rows and columns.
 */
export function metricsOf(kind: 'classes' | 'numbers', width: number, judged: readonly Judged[]): Metrics {
  return kind === 'classes' ? classMetrics(width, judged) : numberMetrics(judged);
}

function classMetrics(width: number, judged: readonly Judged[]): Metrics {
  let right = 0;
  let rows = 0;
  let overlaps = 0;
  for (const { predicted, target } of judged) {
    const both = new Float64Array(width);
    const either = new Float64Array(width);
    target.forEach((category, row) => {
      const guess = largest(predicted, row * width, width);
      if (guess === category) {
        right++;
        both[category]!++;
        either[category]!++;
      } else {
        either[category]!++;
        either[guess]!++;
      }
    });
    rows += target.length;
    const present = Array.from(either.keys()).filter((category) => either[category]! > 0);
    overlaps +=
      present.reduce((sum, category) => sum + both[category]! / either[category]!, 0) / present.length;
  }
  return { accuracy: right / rows, mean_iou: overlaps / judged.length };
}

function numberMetrics(judged: readonly Judged[]): Metrics {
  let absolute = 0;
  let squared = 0;
  let count = 0;
  for (const { predicted, target } of judged) {
    target.forEach((value, i) => {
      const difference = predicted[i]! - value;
      absolute += Math.abs(difference);
      squared += difference * difference;
    });
    count += target.length;
  }
  return { mae: absolute / count, mse: squared / count };
}

function largest(values: Float64Array, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[first + i]! > values[first + best]!) best = i;
  return best;
}
