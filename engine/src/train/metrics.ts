/** What predictions are worth: float64 arithmetic on the host. */
import type { Metrics } from './training.ts';

/** Predictions of one sample and what they should have been. */
export interface Judged {
  /** Logits [rows, width], or numbers [rows, width] in the data's unit. */
  readonly predicted: Float64Array;
  /** Class numbers [rows], or numbers [rows, width]. */
  readonly target: Float64Array;
}

/**
 * - accuracy: share of all rows whose largest logit is that of their class.
 * - mean_iou: for each sample and each class that is there or predicted, the rows in both over the rows in either; the mean
 *   over the sample's classes, then over samples (the instance mIoU of ShapeNet's part segmentation, but over the classes
 *   that occur).
 * - auc, of two classes: how often a row of class 1 has the larger difference of logits than one of class 0, over all pairs of rows; ties
 *   count half (the area under the ROC curve). Not there where all rows are of one class.
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
  return {
    accuracy: right / rows,
    mean_iou: overlaps / judged.length,
    ...(width === 2 ? areaUnderCurve(judged) : {}),
  };
}

/** From the ranks of the scores (Mann & Whitney 1947); tied scores share the mean of their ranks. */
function areaUnderCurve(judged: readonly Judged[]): Metrics {
  const scores = judged.flatMap(({ predicted, target }) =>
    Array.from(target, (category, row) => ({
      category,
      score: predicted[2 * row + 1]! - predicted[2 * row]!,
    })),
  );
  scores.sort((a, b) => a.score - b.score);
  let [ranks, ones] = [0, 0];
  for (let first = 0; first < scores.length; ) {
    let end = first + 1;
    while (end < scores.length && scores[end]!.score === scores[first]!.score) end++;
    const tied = scores.slice(first, end).filter(({ category }) => category === 1).length;
    ranks += (tied * (first + 1 + end)) / 2;
    ones += tied;
    first = end;
  }
  const zeros = scores.length - ones;
  return ones === 0 || zeros === 0 ? {} : { auc: (ranks - (ones * (ones + 1)) / 2) / (ones * zeros) };
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
