/**
 * Small dense matrices in float64, row-major: all that group elements need. Sizes are 2, 3 or 4, so plain loops are
 * the fastest and the most exact choice.
 */
export type Matrix = readonly number[];

/** The n x n identity. */
export function identityMatrix(n: number): number[] {
  return Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}

/** The product a b of two n x n matrices. */
export function multiply(a: Matrix, b: Matrix, n: number): number[] {
  const product = new Array<number>(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[k * n + j]!;
      product[i * n + j] = sum;
    }
  }
  return product;
}

/** The transpose of an n x n matrix. */
export function transpose(a: Matrix, n: number): number[] {
  return a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!);
}

/** a x for an n x n matrix and a vector of n numbers. */
export function multiplyVector(a: Matrix, x: readonly number[]): number[] {
  const n = x.length;
  return x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * x[k]!;
    return sum;
  });
}

/** The determinant of a 2 x 2 or 3 x 3 matrix. */
export function determinant(a: Matrix): number {
  if (a.length === 4) return a[0]! * a[3]! - a[1]! * a[2]!;
  const [p, q, r, s, t, u, v, w, x] = a as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return p * (t * x - u * w) - q * (s * x - u * v) + r * (s * w - t * v);
}

/** True when every entry is exactly that of the identity. */
export function isIdentity(a: Matrix): boolean {
  const n = Math.sqrt(a.length);
  return a.every((entry, i) => entry === (i % (n + 1) === 0 ? 1 : 0));
}

/**
 * The orthogonal matrix next to an almost orthogonal one: Newton's iteration for the polar factor,
 * R <- R - R (R^T R - 1)/2 (Higham, Functions of Matrices, 2008, chapter 8). It squares the error, so from rounding
 * errors one step reaches R^T R = 1 to the last bits. The correction is formed apart from R: signed permutation
 * matrices come back unchanged, and only the last subtraction rounds.
 */
export function orthogonalise(a: Matrix, n: number): number[] {
  let r = [...a];
  for (let step = 0; step < 2; step++) {
    const excess = multiply(transpose(r, n), r, n);
    for (let i = 0; i < n; i++) excess[i * (n + 1)]! -= 1;
    const correction = multiply(r, excess, n);
    r = r.map((entry, i) => entry - correction[i]! / 2);
  }
  return r;
}
