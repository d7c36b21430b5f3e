/**
 * Orthogonal maps of the plane on images [rows, columns, ...channels]. x runs to the right along a row and y up, from
 * the centre of the image; (g f)(p) = f(g^-1 p). Where every pixel of the result falls on a pixel of the source (quarter
 * turns and mirrors of square images) the pixels are copied; else they are interpolated bilinearly, and what lies
 * outside of the image counts as 0.
 */
import type { Matrix } from '../group/matrix.ts';
import { type NdArray, sizeOf } from '../tensor/array.ts';
import { emptyLike } from './axes.ts';

/** True when the map takes the pixel grid onto itself, so that the action is exact. */
export function keepsGrid(matrix: Matrix, rows: number, columns: number): boolean {
  const diagonal = matrix[1] === 0 && matrix[2] === 0;
  const swapped = matrix[0] === 0 && matrix[3] === 0;
  return diagonal || (swapped && rows === columns);
}

/** The image after an orthogonal 2 x 2 matrix; integers stay integers where the action is exact. */
export function turnImage(value: NdArray, matrix: Matrix): NdArray {
  const [rows, columns] = value.shape as [number, number];
  const channels = sizeOf(value.shape.slice(2));
  const exact = keepsGrid(matrix, rows, columns);
  const { data } = value;
  const out = exact ? emptyLike(data, data.length) : new Float64Array(data.length);
  const [a, b, c, d] = matrix as [number, number, number, number];
  const middleRow = (rows - 1) / 2;
  const middleColumn = (columns - 1) / 2;

  const add = (to: number, row: number, column: number, weight: number) => {
    if (weight === 0 || row < 0 || row >= rows || column < 0 || column >= columns) return;
    const from = (row * columns + column) * channels;
    for (let k = 0; k < channels; k++) out[to + k]! += weight * data[from + k]!;
  };

  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column - middleColumn;
      const y = middleRow - row;
      // The inverse of an orthogonal matrix is its transpose.
      const sourceColumn = middleColumn + (a * x + c * y);
      const sourceRow = middleRow - (b * x + d * y);
      const r = Math.floor(sourceRow);
      const s = Math.floor(sourceColumn);
      const v = sourceRow - r;
      const u = sourceColumn - s;
      const to = (row * columns + column) * channels;
      add(to, r, s, (1 - v) * (1 - u));
      add(to, r, s + 1, (1 - v) * u);
      add(to, r + 1, s, v * (1 - u));
      add(to, r + 1, s + 1, v * u);
    }
  }
  return { shape: value.shape, data: out };
}
