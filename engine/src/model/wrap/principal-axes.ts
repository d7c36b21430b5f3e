/** Principal axes of small symmetric matrices, by Jacobi's rotations: exact to rounding, and orthogonal by construction. */

export interface Axes {
  /** Descending. */
  readonly values: readonly number[];
  /** One axis of length 1 for each value. */
  readonly axes: readonly (readonly number[])[];
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix (Golub and Van Loan, Matrix Computations, section 8.5).
 * @param matrix row-major, dim x dim
 */
export function principalAxes(matrix: readonly number[], dim: number): Axes {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: dim * dim }, (_, i) => (i % (dim + 1) === 0 ? 1 : 0));
  // Converges quadratically; three dimensions need four or five sweeps.
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < dim; p++) for (let q = p + 1; q < dim; q++) off += a[p * dim + q]! ** 2;
    if (off === 0) break;
    for (let p = 0; p < dim; p++) for (let q = p + 1; q < dim; q++) rotate(a, v, p, q, dim);
  }
  const order = Array.from({ length: dim }, (_, i) => i).sort(
    (i, j) => a[j * dim + j]! - a[i * dim + i]! || i - j,
  );
  return {
    values: order.map((i) => a[i * dim + i]!),
    axes: order.map((i) => Array.from({ length: dim }, (_, k) => v[k * dim + i]!)),
  };
}

/** Makes a[p, q] zero by a rotation in the plane of p and q. */
function rotate(a: Float64Array, v: Float64Array, p: number, q: number, dim: number): void {
  const apq = a[p * dim + q]!;
  if (apq === 0) return;
  const theta = (a[q * dim + q]! - a[p * dim + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < dim; k++) {
    const [kp, kq] = [a[k * dim + p]!, a[k * dim + q]!];
    a[k * dim + p] = c * kp - s * kq;
    a[k * dim + q] = s * kp + c * kq;
  }
  for (let k = 0; k < dim; k++) {
    const [pk, qk] = [a[p * dim + k]!, a[q * dim + k]!];
    a[p * dim + k] = c * pk - s * qk;
    a[q * dim + k] = s * pk + c * qk;
  }
  a[p * dim + q] = 0;
  a[q * dim + p] = 0;
  for (let k = 0; k < dim; k++) {
    const [kp, kq] = [v[k * dim + p]!, v[k * dim + q]!];
    v[k * dim + p] = c * kp - s * kq;
    v[k * dim + q] = s * kp + c * kq;
  }
}
