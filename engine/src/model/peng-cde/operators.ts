/** What a graph's weights become before they drive the equation. On the host in double precision; all commute with relabelling. */

export const operators = ['none', 'norm_lap', 'norm_adj', 'lap', 'normalized_plus'] as const;
export type Operator = (typeof operators)[number];

/**
 * | operator | result |
 * | --- | --- |
 * | `lap` | D - A, D the row sums |
 * | `norm_adj` | S = (A + I) / sqrt(row sum of A + I) / sqrt(column sum of A + I); the official code's `kipf` is the same |
 * | `norm_lap` | I - S |
 * | `normalized_plus` | (A + I) / sqrt(row sum of A) / sqrt(column sum of A), as the official code has it |
 *
 * A degree that is not positive gives the factor 0: the node takes no part.
 * @param matrix [n, n], row-major
 */
export function applyOperator(operator: Operator, matrix: Float64Array, n: number): Float64Array {
  if (operator === 'none') return matrix;
  const own = operator === 'lap' || operator === 'normalized_plus' ? 0 : 1;
  const rows = new Float64Array(n).fill(own);
  const columns = new Float64Array(n).fill(own);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      rows[i] = rows[i]! + matrix[i * n + j]!;
      columns[j] = columns[j]! + matrix[i * n + j]!;
    }
  }
  const inverse = (degree: number): number => (degree > 0 ? 1 / Math.sqrt(degree) : 0);
  const left = rows.map(inverse);
  const right = columns.map(inverse);
  return matrix.map((weight, place) => {
    const i = Math.floor(place / n);
    const j = place % n;
    const diagonal = i === j ? 1 : 0;
    if (operator === 'lap') return (diagonal ? rows[i]! : 0) - weight;
    const scaled = (weight + diagonal) * left[i]! * right[j]!;
    return operator === 'norm_lap' ? diagonal - scaled : scaled;
  });
}
