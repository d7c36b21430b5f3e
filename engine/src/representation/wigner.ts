/**
 * Wigner D matrices for real spherical harmonics in e3nn's convention (polar axis y, degree 1 = (x, y, z), components
 * m = -l..l): Y_l(R v) = D_l(R) Y_l(v). They come from the matrix itself by the recursion of Ivanic and Ruedenberg,
 * "Rotation Matrices for Real Spherical Harmonics. Direct Determination by Recursion", J. Phys. Chem. 100 (1996) 6342,
 * with the corrections of J. Phys. Chem. A 102 (1998) 9099. There are no angles in it, so no digits are lost near the
 * poles, where Euler angles lose them.
 */
import { determinant, type Matrix } from '../group/matrix.ts';

/**
 * D_0 .. D_maxDegree of an orthogonal 3 x 3 matrix, for spherical harmonics: an improper matrix carries the parity
 * (-1)^l. D_l is row-major, (2l+1) x (2l+1).
 */
export function wignerD(matrix: Matrix, maxDegree: number): Float64Array[] {
  const all: Float64Array[] = [Float64Array.of(1)];
  if (maxDegree >= 1) all.push(Float64Array.from(matrix));
  for (let l = 2; l <= maxDegree; l++) all.push(nextDegree(l, all[1]!, all[l - 1]!));
  return all;
}

/**
 * D of the irrep of degree l and the given parity: for an improper matrix it is the parity times D_l(-R), whatever
 * sign (-1)^l the spherical harmonics have.
 */
export function irrepMatrices(
  matrix: Matrix,
  maxDegree: number,
): (degree: number, parity: 1 | -1) => Float64Array {
  const improper = determinant(matrix) < 0;
  const even = wignerD(improper ? matrix.map((x) => -x) : matrix, maxDegree);
  const odd = improper ? even.map((d) => d.map((x) => -x)) : even;
  return (degree, parity) => (parity === 1 ? even : odd)[degree]!;
}

/** D_l from D_1 and D_(l-1): equations 8.1 and table 2 of the paper, with m the row and k the column. */
function nextDegree(l: number, first: Float64Array, previous: Float64Array): Float64Array {
  const size = 2 * l + 1;
  const below = 2 * l - 1;
  const d = new Float64Array(size * size);

  // P of table 2: row i of D_1 (i = -1, 0, 1) coupled with row a of D_(l-1) to column k.
  const coupled = (i: number, a: number, k: number): number => {
    const one = (i + 1) * 3 + 1;
    const row = (a + l - 1) * below + l - 1;
    if (k === l) return first[one + 1]! * previous[row + l - 1]! - first[one - 1]! * previous[row - l + 1]!;
    if (k === -l) return first[one + 1]! * previous[row - l + 1]! + first[one - 1]! * previous[row + l - 1]!;
    return first[one]! * previous[row + k]!;
  };

  for (let m = -l; m <= l; m++) {
    const n = Math.abs(m);
    const sign = m < 0 ? -1 : 1;
    for (let k = -l; k <= l; k++) {
      const denominator = Math.abs(k) === l ? 2 * l * (2 * l - 1) : (l + k) * (l - k);
      let sum = 0;
      if (n < l) sum += Math.sqrt(((l + m) * (l - m)) / denominator) * coupled(0, m, k);
      if (m === 0) {
        const v = -0.5 * Math.sqrt((2 * (l - 1) * l) / denominator);
        sum += v * (coupled(1, 1, k) + coupled(-1, -1, k));
      } else {
        const v = 0.5 * Math.sqrt(((l + n - 1) * (l + n)) / denominator);
        sum += v * vTerm(coupled, sign, n, k);
      }
      if (m !== 0 && n < l - 1) {
        const w = -0.5 * Math.sqrt(((l - n - 1) * (l - n)) / denominator);
        sum += w * (coupled(1, sign * (n + 1), k) + sign * coupled(-1, -sign * (n + 1), k));
      }
      d[(m + l) * size + k + l] = sum;
    }
  }
  return d;
}

/** V of table 2 for m = sign n: terms with a vanishing index keep one of the two, times the square root of two. */
function vTerm(
  coupled: (i: number, a: number, k: number) => number,
  sign: number,
  n: number,
  k: number,
): number {
  if (n === 1) return Math.SQRT2 * coupled(sign, 0, k);
  return coupled(1, sign * (n - 1), k) - sign * coupled(-1, -sign * (n - 1), k);
}
