/** Images between their pixels, by cubic convolution (Keys 1981): of third order, so that smooth outputs hardly notice. */
import type { Matrix } from '../../group/matrix.ts';
import { type NdArray, real, sizeOf } from '../../tensor/array.ts';

/**
 * The image after an orthogonal 2 x 2 matrix and a shift, as the action on images has it: (g f)(p) = f(g^-1 p), x to the
 * right and y up from the middle. What lies outside counts as 0.
 * @param value [rows, columns, ...channels]
 * @param shift in pixels, (x, y)
 */
export function cubicImage(
  { shape, data }: NdArray,
  matrix: Matrix,
  shift: readonly [number, number] = [0, 0],
): NdArray {
  const [rows, columns] = shape as [number, number];
  const channels = sizeOf(shape.slice(2));
  const out = new Float64Array(data.length);
  const [a, b, c, d] = matrix as [number, number, number, number];
  const [middleRow, middleColumn] = [(rows - 1) / 2, (columns - 1) / 2];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column - middleColumn - shift[0];
      const y = middleRow - row - shift[1];
      const sourceColumn = middleColumn + (a * x + c * y);
      const sourceRow = middleRow - (b * x + d * y);
      const [r, s] = [Math.floor(sourceRow), Math.floor(sourceColumn)];
      const to = (row * columns + column) * channels;
      for (let i = -1; i <= 2; i++) {
        const rowWeight = weightAt(sourceRow - r - i);
        if (rowWeight === 0 || r + i < 0 || r + i >= rows) continue;
        for (let j = -1; j <= 2; j++) {
          const weight = rowWeight * weightAt(sourceColumn - s - j);
          if (weight === 0 || s + j < 0 || s + j >= columns) continue;
          const from = ((r + i) * columns + s + j) * channels;
          for (let k = 0; k < channels; k++) out[to + k]! += weight * data[from + k]!;
        }
      }
    }
  }
  return real(shape, out);
}

/** Keys' kernel with a = -1/2. */
function weightAt(distance: number): number {
  const t = Math.abs(distance);
  if (t >= 2) return 0;
  return t <= 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2;
}
