/** What predicted probabilities are worth. */

/** Probability that a class without a training row is given in the log-loss, and the least that any is counted with. */
const least = 1e-6;

export interface Scores {
  readonly accuracy: number;
  /** Mean -log p of the true class, natural logarithm; p counts as 1e-6 at least. */
  readonly logLoss: number;
  /** Mean over rows of |confidence - accuracy| of their bin (Guo et al. 2017). */
  readonly calibrationError: number;
  readonly bins: readonly Bin[];
}

/** Predictions by the probability of the class that was chosen. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Means over the rows; absent where there are none. */
  readonly confidence?: number;
  readonly accuracy?: number;
}

/**
 * @param probabilities [rows, classes]
 * @param answers [rows]
 */
export function scoresOf(
  probabilities: Float64Array,
  answers: Int32Array,
  classes: number,
  binCount = 10,
): Scores {
  const sums = Array.from({ length: binCount }, () => ({ rows: 0, confidence: 0, right: 0 }));
  let right = 0;
  let loss = 0;
  for (const [row, answer] of answers.entries()) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const confidence = Math.max(...own);
    const isRight = own.indexOf(confidence) === answer;
    right += Number(isRight);
    loss -= Math.log(Math.max(own[answer]!, least));
    const bin = sums[Math.min(binCount - 1, Math.floor(confidence * binCount))]!;
    bin.rows++;
    bin.confidence += confidence;
    bin.right += Number(isRight);
  }
  const n = answers.length;
  return {
    accuracy: right / n,
    logLoss: loss / n,
    calibrationError: sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / n,
    bins: sums.map(({ rows, confidence, right: own }, i) => ({
      from: i / binCount,
      to: (i + 1) / binCount,
      rows,
      ...(rows > 0 ? { confidence: confidence / rows, accuracy: own / rows } : {}),
    })),
  };
}
