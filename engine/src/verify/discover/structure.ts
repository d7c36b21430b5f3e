/** What an algebra of matrices is, whatever its basis: closed or not, and the quadratic form that it keeps. Pure. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { multiply } from '../../group/matrix.ts';
import { augmented, type Motion } from './generators.ts';
import { distanceFromSpan, kernel } from './null-space.ts';

export interface Form {
  readonly signature: string;
  readonly text: string;
}

/** The symmetric matrix Q with X^T Q + Q X = 0 for all linear parts, where it is the only one up to a factor. */
export function keptForm(
  linear: readonly (readonly number[])[],
  dim: number,
  noise: number,
): Form | undefined {
  const pairs = Array.from({ length: dim }, (_, i) => i).flatMap((i) =>
    Array.from({ length: dim - i }, (_, j) => [i, i + j] as const),
  );
  const rows: number[][] = [];
  for (const x of linear) {
    for (let a = 0; a < dim; a++) {
      for (let b = a; b < dim; b++) {
        rows.push(
          pairs.map(([i, j]) => {
            const q = (r: number, c: number) => ((r === i && c === j) || (r === j && c === i) ? 1 : 0);
            let sum = 0;
            for (let k = 0; k < dim; k++) sum += x[k * dim + a]! * q(k, b) + q(a, k) * x[k * dim + b]!;
            return sum;
          }),
        );
      }
    }
  }
  const forms = kernel(rows, pairs.length, noise);
  if (forms.length !== 1) return undefined;
  const own = forms[0]!;
  const largest = own.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const matrix = Array.from({ length: dim * dim }, () => 0);
  pairs.forEach(([i, j], k) => {
    matrix[i * dim + j] = matrix[j * dim + i] = Math.abs(own[k]! / largest) <= noise ? 0 : own[k]! / largest;
  });
  const values = symmetricEigenvalues(matrix, dim);
  if (values.some((value) => Math.abs(value) <= noise)) return undefined;
  const plus = values.filter((value) => value > 0).length;
  const [low, high] = [Math.min(plus, dim - plus), Math.max(plus, dim - plus)];
  // Only a whole orthogonal algebra is named by its form.
  if (linear.length !== (dim * (dim - 1)) / 2) return undefined;
  const isDiagonal = matrix.every((value, i) => i % (dim + 1) === 0 || value === 0);
  const row = (i: number) =>
    matrix
      .slice(i * dim, (i + 1) * dim)
      .map(digits)
      .join(', ');
  return {
    signature: low === 0 ? String(dim) : `${low},${high}`,
    text: isDiagonal
      ? `diag(${matrix
          .filter((_, i) => i % (dim + 1) === 0)
          .map(digits)
          .join(', ')})`
      : `[${Array.from({ length: dim }, (_, i) => `[${row(i)}]`).join(', ')}]`,
  };
}

/**
 * Largest part of a bracket of two basis elements outside of their span, relative to the size of the two. Translations are
 * weighed by `unit`.
 */
export function closureError(basis: readonly Motion[], unit: number): number {
  const flat = basis.map(({ linear, translation }) =>
    augmented({ linear, translation: translation.map((x) => x / unit) }),
  );
  const n = (basis[0]?.translation.length ?? 0) + 1;
  let worst = 0;
  for (const [i, a] of flat.entries()) {
    for (const b of flat.slice(i + 1)) {
      const bracket = difference(multiply(a, b, n), multiply(b, a, n));
      const size = Math.hypot(...a) * Math.hypot(...b);
      const own = Math.hypot(...bracket);
      if (size > 0 && own > 0) worst = Math.max(worst, (distanceFromSpan(bracket, flat) * own) / size);
    }
  }
  return worst;
}

function difference(a: readonly number[], b: readonly number[]): number[] {
  return a.map((x, i) => x - b[i]!);
}

function symmetricEigenvalues(matrix: readonly number[], dim: number): number[] {
  const rows = Array.from({ length: dim }, (_, i) => matrix.slice(i * dim, (i + 1) * dim));
  return new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues;
}

/** Four digits: forms may differ by little from the length. */
function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
