/** The affine map that takes rows to rows, fitted and tested on different ones. */

/** Ridge, relative to the mean of the diagonal: features that repeat each other leave the map open, not the fit. */
const ridge = 1e-9;

/**
 * Fits y = A x + b on the even rows by least squares (normal equations in float64, Cholesky) and tests it on the odd ones.
 *
 * @param x [rows, width]
 * @param y [rows, width]
 * @returns the root mean square of y - A x - b over the odd rows; `undefined` when all of x is zero.
 */
export function leastSquares(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  width: number,
  rows: number,
): number | undefined {
  const n = width + 1;
  const entry = (row: number, k: number) => (k === width ? 1 : x[row * width + k]!);
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n * width);
  for (let row = 0; row < rows; row += 2) {
    for (let i = 0; i < n; i++) {
      const xi = entry(row, i);
      for (let j = 0; j <= i; j++) gram[i * n + j]! += xi * entry(row, j);
      for (let j = 0; j < width; j++) right[i * width + j]! += xi * y[row * width + j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  if (trace === 0) return undefined;
  for (let i = 0; i < n; i++) gram[i * n + i]! += (ridge * trace) / n;
  cholesky(gram, n);
  for (let j = 0; j < width; j++) substitute(gram, right, n, width, j);
  let sum = 0;
  let count = 0;
  for (let row = 1; row < rows; row += 2) {
    for (let j = 0; j < width; j++) {
      let value = y[row * width + j]!;
      for (let i = 0; i < n; i++) value -= right[i * width + j]! * entry(row, i);
      sum += value ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

/** Lower triangle in place. */
function cholesky(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / a[j * n + j]!;
    }
  }
}

/** Solves L L^T z = column j of b, in place. */
function substitute(l: Float64Array, b: Float64Array, n: number, width: number, j: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i * width + j]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k * width + j]!;
    b[i * width + j] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i * width + j]!;
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * b[k * width + j]!;
    b[i * width + j] = sum / l[i * n + i]!;
  }
}
