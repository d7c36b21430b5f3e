/** Singular value decompositions of small matrices in double precision: one-sided Jacobi rotations (Hestenes 1958). */

const sweeps = 40;
const epsilon = 2 ** -52;

/** A = U diag(s) V^T, all row-major n x n; s falls. Filled anew by each call of `decompose`. */
export interface Svd {
  readonly n: number;
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly v: Float64Array;
}

export function room(n: number): Svd {
  return { n, u: new Float64Array(n * n), s: new Float64Array(n), v: new Float64Array(n * n) };
}

/**
 * Decomposes what stands in `svd.u`. U and V are orthogonal to rounding whatever the rank; columns of U at singular values of zero are the
 * first unit vectors that fit. Singular values keep their digits where columns are of very different lengths (Demmel and Veselić 1992).
 */
export function decompose({ n, u, s, v }: Svd): void {
  v.fill(0);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let isTurning = true;
  for (let sweep = 0; isTurning && sweep < sweeps; sweep++) {
    isTurning = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) if (turn(u, v, n, p, q)) isTurning = true;
    }
  }
  for (let j = 0; j < n; j++) s[j] = Math.sqrt(inner(u, n, j, j));
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) if (s[j]! > s[i]!) exchange(u, s, v, n, i, j);
  }
  for (let j = 0; j < n; j++) orthonormal(u, n, j);
}

function inner(a: Float64Array, n: number, p: number, q: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i * n + p]! * a[i * n + q]!;
  return sum;
}

/** Makes two columns orthogonal; whether they were not. */
function turn(u: Float64Array, v: Float64Array, n: number, p: number, q: number): boolean {
  const left = inner(u, n, p, p);
  const right = inner(u, n, q, q);
  const mixed = inner(u, n, p, q);
  if (Math.abs(mixed) <= epsilon * Math.sqrt(left) * Math.sqrt(right)) return false;
  const zeta = (right - left) / (2 * mixed);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  rotate(u, n, p, q, cosine, sine);
  rotate(v, n, p, q, cosine, sine);
  return true;
}

function rotate(a: Float64Array, n: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < n; i++) {
    const x = a[i * n + p]!;
    const y = a[i * n + q]!;
    a[i * n + p] = cosine * x - sine * y;
    a[i * n + q] = sine * x + cosine * y;
  }
}

function exchange(u: Float64Array, s: Float64Array, v: Float64Array, n: number, i: number, j: number): void {
  [s[i], s[j]] = [s[j]!, s[i]!];
  for (const a of [u, v]) {
    for (let row = 0; row < n; row++) [a[row * n + i], a[row * n + j]] = [a[row * n + j]!, a[row * n + i]!];
  }
}

/** Column j gets length one and is made orthogonal to those before it; if nothing is left of it, a unit vector takes its place. */
function orthonormal(u: Float64Array, n: number, j: number): void {
  for (let next = 0; next <= n; next++) {
    const length = Math.sqrt(inner(u, n, j, j));
    if (length > 0) {
      for (let i = 0; i < n; i++) u[i * n + j]! /= length;
      // Twice is enough (Kahan): the first may leave rounding along the others.
      for (let time = 0; time < 2; time++) {
        for (let k = 0; k < j; k++) {
          const along = inner(u, n, j, k);
          for (let i = 0; i < n; i++) u[i * n + j]! -= along * u[i * n + k]!;
        }
      }
      const left = Math.sqrt(inner(u, n, j, j));
      // One of n unit vectors keeps at least 1/sqrt(n) of its length.
      if (left > 0.4) {
        for (let i = 0; i < n; i++) u[i * n + j]! /= left;
        return;
      }
    }
    for (let i = 0; i < n; i++) u[i * n + j] = i === next ? 1 : 0;
  }
}
