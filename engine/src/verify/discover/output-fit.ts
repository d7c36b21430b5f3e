/**
 * Outputs of unknown action: if X is a symmetry, the derivative of f along X is an affine function of f, the same for all
 * samples. The best one is fitted on some samples; what it leaves on others is the defect.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Field } from '../../signature.ts';
import { type NdArray, sizeOf } from '../../tensor/array.ts';

/** Rows for each unknown that a fit needs to mean something. */
export const rowsPerUnknown = 2;

/** Numbers of one entry of the index sets: what a representation acts on. Named axes only repeat it. */
export function featureWidth({ type }: Field, value: NdArray): number {
  const repeated = type.axes.reduce((n, axis, i) => n * ('index' in axis ? value.shape[i]! : 1), 1);
  return repeated > 0 ? sizeOf(value.shape) / repeated : 0;
}

/** An affine map of features, [width, width + 1] row by row: the last column is what is added. */
export type AffineMap = readonly (readonly number[])[];

/**
 * Rows of features: named axes first, whatever their order in the array.
 * @returns `[rows][width]`
 */
export function featureRows({ type }: Field, { shape, data }: NdArray): number[][] {
  const named = shape.map((_, i) => type.axes[i] !== undefined && 'index' in type.axes[i]);
  const rows = new Map<string, number[]>();
  const at = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    const key = at.filter((_, axis) => named[axis]).join();
    const row = rows.get(key);
    if (row) row.push(data[i]!);
    else rows.set(key, [data[i]!]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
  return [...rows.values()];
}

/**
 * Least squares y = A x + b for several right sides that share x.
 * @param x `[rows][width]`
 * @param targets for each side `[rows][width]`
 */
export function fitAffine(
  x: readonly (readonly number[])[],
  targets: readonly (readonly (readonly number[])[])[],
): AffineMap[] {
  if (targets.length === 0) return [];
  const left = new Matrix(x.map((row) => [...row, 1]));
  const width = targets[0]![0]!.length;
  const right = new Matrix(x.map((_, i) => targets.flatMap((rows) => [...rows[i]!])));
  const solved = new SingularValueDecomposition(left, { autoTranspose: true }).solve(right);
  return targets.map((_, k) => Array.from({ length: width }, (_, j) => solved.getColumn(k * width + j)));
}

/** A x + b for every row. */
export function applyAffine(map: AffineMap, rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) =>
    map.map((coefficients) =>
      coefficients.reduce((sum, c, i) => sum + c * (i < row.length ? row[i]! : 1), 0),
    ),
  );
}
