/** From measured numbers to a verdict on a claim. */
import type { ClaimDecision, ClaimExpression, ClaimVerdict, Comparison, Estimate } from './claim.ts';
import { studentQuantile } from './student.ts';

/**
 * The interval is Student's, two-sided, for the mean over seeds; left and right are compared seed by seed, since they were
 * measured with the same one. With a single seed, or where all seeds agree, the numbers are taken as they are: so it is for
 * parameters and operations. The claim holds when the whole interval of left - right lies on the claimed side, fails when
 * it lies on the other, and is undecided when 0 is inside.
 * @param measured for each measure its value by seed; all of one length
 */
export function decide(
  left: ClaimExpression,
  comparison: Comparison,
  right: ClaimExpression,
  measured: readonly (readonly number[])[],
  confidence: number,
): ClaimDecision {
  const seeds = measured[0]?.length ?? 1;
  const each = (expression: ClaimExpression): number[] =>
    Array.from({ length: seeds }, (_, seed) => evaluate(expression, measured, seed));
  const [leftValues, rightValues] = [each(left), each(right)];
  const difference = estimate(
    leftValues.map((value, seed) => value - rightValues[seed]!),
    confidence,
  );
  const verdict = verdictOf(difference, comparison);
  return {
    verdict,
    left: estimate(leftValues, confidence),
    right: estimate(rightValues, confidence),
    difference,
    confidence,
    reason: reasonOf(verdict, difference, comparison, confidence),
  };
}

/** The value for one seed. Division by zero gives an infinity, which no comparison counts as decided. */
export function evaluate(
  expression: ClaimExpression,
  measured: readonly (readonly number[])[],
  seed: number,
): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'measure':
      return measured[expression.index]![seed]!;
    case 'operation': {
      const a = evaluate(expression.left, measured, seed);
      const b = evaluate(expression.right, measured, seed);
      const { operator } = expression;
      return operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
    }
  }
}

export function estimate(values: readonly number[], confidence: number): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2 || values.every((value) => value === values[0])) {
    return { values, mean: values[0]!, low: values[0]!, high: values[0]! };
  }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile((1 + confidence) / 2, count - 1) * Math.sqrt(variance / count);
  return { values, mean, low: mean - half, high: mean + half };
}

function verdictOf({ low, high }: Estimate, comparison: Comparison): ClaimVerdict {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return 'undecided';
  switch (comparison) {
    case '>':
      return low > 0 ? 'holds' : high <= 0 ? 'fails' : 'undecided';
    case '>=':
      return low >= 0 ? 'holds' : high < 0 ? 'fails' : 'undecided';
    case '<':
      return high < 0 ? 'holds' : low >= 0 ? 'fails' : 'undecided';
    case '<=':
      return high <= 0 ? 'holds' : low > 0 ? 'fails' : 'undecided';
  }
}

function reasonOf(
  verdict: ClaimVerdict,
  { values, low, high }: Estimate,
  comparison: Comparison,
  confidence: number,
): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return 'a side is not a finite number';
  const span = low === high ? `is ${short(low)}` : `lies in ${short(low)} to ${short(high)}`;
  const sure =
    low === high ? '' : ` at ${Number((confidence * 100).toPrecision(3))}% over ${values.length} seeds`;
  if (verdict === 'undecided') return `left - right ${span}${sure}, on both sides of 0`;
  return `left - right ${span}${sure}; claimed is ${comparison} 0`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
