/** The two steps of the separable group convolution. The array of kernel values on the edges is never stored as a whole. */
import { block } from './matmul';
import { pack, packTransposed, padded } from './panels';
import { madd } from './vector';

/** Rows of the basis, one for each edge and orientation, that are treated at a time. */
const chunk: usize = 64;

/** Bytes of scratch for both functions of the step over space. C must be a multiple of 4. */
export function spatialScratch(c: usize, d: usize): usize {
  const panels = max(d * padded(c), c * padded(d));
  return (panels + chunk * (c + padded(d))) << 2;
}

/**
 * out[r, o, :] = sum over edges e with receivers[e] = r of x[senders[e], o, :] * (weight basis[e, o, :]). basis [E, O, D], weight [C, D]. Indices as in
 * messageSum, whose result this returns.
 */
export function spatialStep(
  x: usize, basis: usize, weight: usize, senders: usize, receivers: usize, out: usize, edges: usize, orientations: usize,
  c: usize, d: usize, size: usize, count: usize, lenient: bool, scratch: usize,
): i32 {
  const rowBytes = c << 2, bytes = orientations * rowBytes;
  const kernel = scratch + ((d * padded(c)) << 2);
  memory.fill(out, 0, count * bytes);
  packTransposed(weight, scratch, d, c, d);
  const all = edges * orientations;
  let e: usize = 0, o: usize = 0;
  for (let first: usize = 0; first < all; first += chunk) {
    const rows = min(chunk, all - first);
    block(basis + ((first * d) << 2), d, 1, scratch, kernel, c, rows, d, c, 0, 0);
    for (let i: usize = 0; i < rows; i++) {
      const sender = load<i32>(senders + (e << 2)), receiver = load<i32>(receivers + (e << 2));
      if (receiver >= 0 && !(lenient && sender < 0)) {
        if (<usize>sender >= size || <usize>receiver >= count) return <i32>e;
        const from = x + <usize>sender * bytes + o * rowBytes, to = out + <usize>receiver * bytes + o * rowBytes, k = kernel + i * rowBytes;
        addProducts(from, k, to, rowBytes);
      }
      if (++o == orientations) { o = 0; e++; }
    }
  }
  return -1;
}

/**
 * With G[e, o, :] = x[senders[e], o, :] * dy[receivers[e], o, :] (zero where an index is negative): dbasis = G weight, dweight = G^T basis.
 */
export function spatialGradient(
  x: usize, dy: usize, basis: usize, weight: usize, senders: usize, receivers: usize, dbasis: usize, dweight: usize,
  edges: usize, orientations: usize, c: usize, d: usize, scratch: usize,
): void {
  const rowBytes = c << 2, bytes = orientations * rowBytes;
  const panels = c * padded(d);
  const g = scratch + (max(panels, d * padded(c)) << 2);
  const basisPanels = g + ((chunk * c) << 2);
  pack(weight, scratch, c, d, d);
  if (edges == 0) memory.fill(dweight, 0, (c * d) << 2);
  const all = edges * orientations;
  let e: usize = 0, o: usize = 0;
  for (let first: usize = 0; first < all; first += chunk) {
    const rows = min(chunk, all - first);
    for (let i: usize = 0; i < rows; i++) {
      const sender = load<i32>(senders + (e << 2)), receiver = load<i32>(receivers + (e << 2));
      const to = g + i * rowBytes;
      if (sender < 0 || receiver < 0) memory.fill(to, 0, rowBytes);
      else {
        const a = x + <usize>sender * bytes + o * rowBytes, b = dy + <usize>receiver * bytes + o * rowBytes;
        products(a, b, to, rowBytes);
      }
      if (++o == orientations) { o = 0; e++; }
    }
    const at = (first * d) << 2;
    block(g, c, 1, scratch, dbasis + at, d, rows, c, d, 0, 0);
    pack(basis + at, basisPanels, rows, d, d);
    // Transposed: rows of the left side are neighbours, columns lie c apart.
    block(g, 1, c, basisPanels, dweight, d, c, rows, d, first > 0 ? dweight : 0, d);
  }
}

/**
 * out[i, p, :] = sum over o of x[i, o, :] kernel[p, o, :], or kernel[o, p, :] when `turned`. x [points, O, C], out [points, P, C]; C a multiple of 4.
 */
export function fibreStep(x: usize, kernel: usize, out: usize, points: usize, from: usize, to: usize, c: usize, turned: bool): void {
  const row = c << 2, pairs = row & ~31;
  const stepP = turned ? row : from * row, stepO = turned ? to * row : row;
  for (let i: usize = 0; i < points; i++, x += from * row) {
    for (let p: usize = 0; p < to; p++, out += row) {
      let at: usize = 0;
      for (; at < pairs; at += 32) {
        let k = kernel + p * stepP + at, y = x + at;
        let u = f32x4.splat(0), v = u;
        for (let o: usize = 0; o < from; o++, k += stepO, y += row) {
          u = madd(v128.load(y), v128.load(k), u);
          v = madd(v128.load(y, 16), v128.load(k, 16), v);
        }
        v128.store(out + at, u);
        v128.store(out + at, v, 16);
      }
      if (at < row) {
        let k = kernel + p * stepP + at, y = x + at;
        let sum = f32x4.splat(0);
        for (let o: usize = 0; o < from; o++, k += stepO, y += row) sum = madd(v128.load(y), v128.load(k), sum);
        v128.store(out + at, sum);
      }
    }
  }
}

/** dkernel[p, o, :] = sum over i of dy[i, p, :] x[i, o, :]. */
export function fibreKernelGradient(x: usize, dy: usize, out: usize, points: usize, from: usize, to: usize, c: usize): void {
  const row = c << 2;
  memory.fill(out, 0, to * from * row);
  for (let i: usize = 0; i < points; i++, x += from * row, dy += to * row) {
    let k = out;
    for (let p: usize = 0; p < to; p++) {
      const d = dy + p * row;
      for (let o: usize = 0; o < from; o++, k += row) {
        const y = x + o * row;
        addProducts(y, d, k, row);
      }
    }
  }
}

/** out += a b, entry by entry; whole vectors. */
@inline
function addProducts(a: usize, b: usize, out: usize, bytes: usize): void {
  const pairs = bytes & ~31;
  let at: usize = 0;
  for (; at < pairs; at += 32) {
    const u = madd(v128.load(a + at), v128.load(b + at), v128.load(out + at));
    const v = madd(v128.load(a + at, 16), v128.load(b + at, 16), v128.load(out + at, 16));
    v128.store(out + at, u);
    v128.store(out + at, v, 16);
  }
  if (at < bytes) v128.store(out + at, madd(v128.load(a + at), v128.load(b + at), v128.load(out + at)));
}

/** out = a b, entry by entry; whole vectors. */
@inline
function products(a: usize, b: usize, out: usize, bytes: usize): void {
  const pairs = bytes & ~31;
  let at: usize = 0;
  for (; at < pairs; at += 32) {
    const u = f32x4.mul(v128.load(a + at), v128.load(b + at)), v = f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16));
    v128.store(out + at, u);
    v128.store(out + at, v, 16);
  }
  if (at < bytes) v128.store(out + at, f32x4.mul(v128.load(a + at), v128.load(b + at)));
}
