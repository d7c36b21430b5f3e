/** Singular values of a matrix of defects, which of them are rounding, and a basis of the null space that reads well. */
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { classify } from '../verdict.ts';
import type { Verdict } from '../verification.ts';

export interface Direction {
  /** Root mean square rate. */
  readonly value: number;
  readonly verdict: Verdict;
  /** Unit vector of shares of the generators. */
  readonly shares: readonly number[];
}

/**
 * Singular values in ascending order with their right vectors.
 * @param rows [any number, width], at least as many as columns
 * @param floor noise of the matrix in its largest singular value: no singular value is off by more (Weyl)
 */
export function singularDirections(rows: Matrix, floor: number, within: number | 'auto'): Direction[] {
  const width = rows.columns;
  // The triangular factor has the same singular values, and the rows may be a million.
  const square = rows.rows > width ? new QrDecomposition(rows).upperTriangularMatrix : rows;
  const svd = new SingularValueDecomposition(square, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: true,
    autoTranspose: false,
  });
  const { rightSingularVectors } = svd;
  return svd.diagonal
    .map((value, k) => ({
      value,
      verdict: classify({ gap: value, floor }, within),
      shares: rightSingularVectors.getColumn(k),
    }))
    .sort((a, b) => a.value - b.value);
}

/** The largest singular value. */
export function spectralNorm(rows: Matrix): number {
  const square = rows.rows > rows.columns ? new QrDecomposition(rows).upperTriangularMatrix : rows;
  return new SingularValueDecomposition(square, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  }).norm2;
}

/**
 * The same span with as few generators in each vector as possible: reduced row echelon form, the earliest generators as
 * pivots. Each vector's largest entry is 1; entries below `noise` are zero.
 */
export function echelon(vectors: readonly (readonly number[])[], noise: number): number[][] {
  const rows = vectors.map((vector) => [...vector]);
  const width = rows[0]?.length ?? 0;
  let next = 0;
  for (let column = 0; column < width && next < rows.length; column++) {
    let best = next;
    for (let i = next + 1; i < rows.length; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[best]![column]!)) best = i;
    }
    const pivot = rows[best]![column]!;
    if (Math.abs(pivot) <= 10 * noise) continue;
    [rows[next], rows[best]] = [rows[best]!, rows[next]!];
    rows[next] = rows[next]!.map((x) => x / pivot);
    for (let i = 0; i < rows.length; i++) {
      const factor = rows[i]![column]!;
      if (i !== next && factor !== 0) rows[i] = rows[i]!.map((x, k) => x - factor * rows[next]![k]!);
    }
    next++;
  }
  return rows.slice(0, next).map((row) => {
    const largest = row.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    return row.map((x) => (Math.abs(x) <= noise * Math.abs(largest) ? 0 : x / largest));
  });
}

/** How far a vector is from a span, relative to its length; 0 for the zero vector. */
export function distanceFromSpan(vector: readonly number[], span: readonly (readonly number[])[]): number {
  const length = Math.hypot(...vector);
  if (length === 0) return 0;
  if (span.length === 0) return 1;
  const columns = new Matrix(span as number[][]).transpose();
  const svd = new SingularValueDecomposition(columns, { autoTranspose: true });
  const target = Matrix.columnVector([...vector]);
  const rest = Matrix.sub(target, columns.mmul(svd.solve(target)));
  return rest.norm('frobenius') / length;
}

/** Unit vectors that span what the rows all annihilate, up to `noise`: rows have entries of about one. */
export function kernel(rows: readonly (readonly number[])[], width: number, noise: number): number[][] {
  if (rows.length === 0) {
    return Array.from({ length: width }, (_, k) =>
      Array.from({ length: width }, (_, i) => (i === k ? 1 : 0)),
    );
  }
  // Rows of zeros change nothing, and give the decomposition as many rows as columns.
  const padded = [...rows.map((row) => [...row])];
  while (padded.length < width) padded.push(new Array<number>(width).fill(0));
  const svd = new SingularValueDecomposition(new Matrix(padded), { autoTranspose: false });
  return svd.diagonal.flatMap((value, k) => (value <= noise ? [svd.rightSingularVectors.getColumn(k)] : []));
}
