/** Polar factors of small matrices and their derivative, in double precision whatever the tensors hold. */
import type { HostData } from '../../tensor/fixes/host-kernel.ts';
import { decompose, room, type Svd } from '../jacobi.ts';

const rooms: readonly Svd[] = [0, 1, 2, 3, 4].map(room);

/**
 * The decomposition of the matrix that begins here, over its largest entry, which is returned. Where it has to be a rotation, the last
 * column of U and the last value have their signs exchanged as needed.
 */
function signed(svd: Svd, x: HostData, at: number, rotation: boolean): number {
  const { n, u, s, v } = svd;
  let largest = 0;
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(x[at + i]!));
  // A decomposition would turn what is no number into unit vectors.
  if (!Number.isFinite(largest)) {
    for (const part of [u, s, v]) part.fill(Number.NaN);
    return Number.NaN;
  }
  const scale = largest > 0 ? largest : 1;
  for (let i = 0; i < n * n; i++) u[i] = x[at + i]! / scale;
  decompose(svd);
  if (rotation && determinant(u, n) * determinant(v, n) < 0) {
    for (let i = 0; i < n; i++) u[i * n + n - 1]! *= -1;
    s[n - 1]! *= -1;
  }
  return scale;
}

/** By elimination with pivots, on a copy. */
function determinant(a: Float64Array, n: number): number {
  const m = a.slice();
  let product = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]!) > Math.abs(m[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      product = -product;
      for (let j = 0; j < n; j++) [m[k * n + j], m[pivot * n + j]] = [m[pivot * n + j]!, m[k * n + j]!];
    }
    product *= m[k * n + k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = m[i * n + k]! / m[k * n + k]!;
      for (let j = k; j < n; j++) m[i * n + j]! -= factor * m[k * n + j]!;
    }
  }
  return product;
}

/** Q = U V^T for each matrix of `[B, n, n]`. */
export function polarOnHost(out: HostData, x: HostData, n: number, rotation: boolean): void {
  const svd = rooms[n]!;
  for (let at = 0; at < out.length; at += n * n) {
    signed(svd, x, at, rotation);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += svd.u[i * n + k]! * svd.v[j * n + k]!;
        out[at + i * n + j] = sum;
      }
    }
  }
}

/**
 * U ((B - B^T) / (s_i + s_j)) V^T with B = U^T dx V: by how much Q changes where x changes by dx. The same map takes the gradient of Q to that of x.
 * Where s_i + s_j is zero to rounding Q is not unique, and what would turn it there is left out.
 */
export function polarDerivativeOnHost(
  out: HostData,
  x: HostData,
  dx: HostData,
  n: number,
  rotation: boolean,
): void {
  const svd = rooms[n]!;
  const { u, s, v } = svd;
  const [b, c] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let at = 0; at < out.length; at += n * n) {
    const scale = signed(svd, x, at, rotation);
    const least = n * 2 ** -52 * s[0]!;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < n; p++) {
          for (let q = 0; q < n; q++) sum += u[p * n + i]! * dx[at + p * n + q]! * v[q * n + j]!;
        }
        b[i * n + j] = sum;
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const both = s[i]! + s[j]!;
        // Also where they are NaN.
        const isLeft = both <= least;
        c[i * n + j] = isLeft ? 0 : (b[i * n + j]! - b[j * n + i]!) / (both * scale);
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < n; p++) {
          for (let q = 0; q < n; q++) sum += u[i * n + p]! * c[p * n + q]! * v[j * n + q]!;
        }
        out[at + i * n + j] = sum;
      }
    }
  }
}
