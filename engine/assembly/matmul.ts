/**
 * Matrix products, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 2008): the
 * right side is packed into panels of 8 columns, a block of which stays in the first cache; 4 rows by 8 columns of the result are held in registers.
 */
import { madd, storePart } from './vector';

/** Rows of the right side that are packed at a time: a panel of them is 8 kB. */
const depth: usize = 256;
/** Rows of a transposed left side that are packed at a time. */
const blockRows: usize = 64;

/** Bytes of scratch for a product with `n` columns and inner size `k`. */
export function matmulScratch(n: usize, k: usize): usize {
  return (min(k, depth) * ((n + 7) & ~7) + blockRows * min(k, depth)) << 2;
}

/**
 * out[m, n] = a b, for each of `batch` products. a is [m, k], or [k, m] when `ta`; b is [k, n], or [n, k] when `tb`; all
 * row-major. Consecutive products lie `aStep`, `bStep` floats apart (0: the same again).
 */
export function matmul(
  a: usize, b: usize, out: usize, batch: usize, m: usize, k: usize, n: usize,
  ta: bool, tb: bool, aStep: usize, bStep: usize, scratch: usize,
): void {
  for (let i: usize = 0; i < batch; i++) {
    one(a + ((i * aStep) << 2), b + ((i * bStep) << 2), out + ((i * m * n) << 2), m, k, n, ta, tb, scratch);
  }
}

function one(
  a: usize, b: usize, out: usize, m: usize, k: usize, n: usize, ta: bool, tb: bool, scratch: usize,
): void {
  const columns = (n + 7) & ~7;
  const packedA = scratch + ((min(k, depth) * columns) << 2);
  if (k == 0) {
    memory.fill(out, 0, (m * n) << 2);
    return;
  }
  for (let k0: usize = 0; k0 < k; k0 += depth) {
    const kc = min(depth, k - k0);
    if (tb) packTransposed(b + (k0 << 2), scratch, kc, n, k);
    else pack(b + ((k0 * n) << 2), scratch, kc, n, n);
    const add = k0 > 0;
    if (ta) {
      for (let i0: usize = 0; i0 < m; i0 += blockRows) {
        const rows = min(blockRows, m - i0);
        packLeft(a + ((k0 * m + i0) << 2), packedA, kc, rows, m);
        block(packedA, kc, scratch, out + ((i0 * n) << 2), rows, kc, n, add);
      }
    } else {
      // Blocks of rows are read once for each panel, so they must stay in the second cache.
      for (let i0: usize = 0; i0 < m; i0 += blockRows) {
        block(a + ((i0 * k + k0) << 2), k, scratch, out + ((i0 * n) << 2), min(blockRows, m - i0), kc, n, add);
      }
    }
  }
}

/** rows x n of the result from rows of the left side, `stride` floats apart, and all panels. */
export function block(
  a: usize, stride: usize, panels: usize, out: usize, rows: usize, kc: usize, n: usize, add: bool,
): void {
  const aRow = stride << 2;
  const row = n << 2;
  for (let j: usize = 0; j < n; j += 8) {
    const panel = panels + ((j * kc) << 2);
    const width = min<usize>(8, n - j);
    let i: usize = 0;
    if (width > 4) {
      for (; i + 4 <= rows; i += 4) tile4x8(a + i * aRow, aRow, panel, out + i * row + (j << 2), row, kc, width, add);
      for (; i < rows; i++) tile1x8(a + i * aRow, panel, out + i * row + (j << 2), kc, width, add);
    } else {
      for (; i + 4 <= rows; i += 4) tile4x4(a + i * aRow, aRow, panel, out + i * row + (j << 2), row, kc, width, add);
      for (; i < rows; i++) tile1x4(a + i * aRow, panel, out + i * row + (j << 2), kc, width, add);
    }
  }
}

function tile4x8(
  a0: usize, aRow: usize, b: usize, out: usize, row: usize, kc: usize, width: usize, add: bool,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const end = a0 + (kc << 2);
  // Unrolled, V8 runs out of registers: measured at 35 instead of 51 GFLOP/s.
  while (a0 < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
  }
  write8(out, c00, c01, width, add);
  write8(out + row, c10, c11, width, add);
  write8(out + 2 * row, c20, c21, width, add);
  write8(out + 3 * row, c30, c31, width, add);
}

function tile1x8(a: usize, b: usize, out: usize, kc: usize, width: usize, add: bool): void {
  let c0 = f32x4.splat(0), c1 = c0, d0 = c0, d1 = c0;
  const two = a + ((kc & ~1) << 2);
  while (a < two) {
    const x = v128.load32_splat(a), y = v128.load32_splat(a, 4);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    d0 = madd(y, v128.load(b, 32), d0);
    d1 = madd(y, v128.load(b, 48), d1);
    a += 8; b += 64;
  }
  if (kc & 1) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
  }
  write8(out, f32x4.add(c0, d0), f32x4.add(c1, d1), width, add);
}

function tile4x4(
  a0: usize, aRow: usize, b: usize, out: usize, row: usize, kc: usize, width: usize, add: bool,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  const end = a0 + (kc << 2);
  while (a0 < end) {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a0), b0, c0);
    c1 = madd(v128.load32_splat(a1), b0, c1);
    c2 = madd(v128.load32_splat(a2), b0, c2);
    c3 = madd(v128.load32_splat(a3), b0, c3);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 16;
  }
  write4(out, c0, width, add);
  write4(out + row, c1, width, add);
  write4(out + 2 * row, c2, width, add);
  write4(out + 3 * row, c3, width, add);
}

function tile1x4(a: usize, b: usize, out: usize, kc: usize, width: usize, add: bool): void {
  let c0 = f32x4.splat(0), d0 = c0;
  const two = a + ((kc & ~1) << 2);
  while (a < two) {
    c0 = madd(v128.load32_splat(a), v128.load(b), c0);
    d0 = madd(v128.load32_splat(a, 4), v128.load(b, 16), d0);
    a += 8; b += 32;
  }
  if (kc & 1) c0 = madd(v128.load32_splat(a), v128.load(b), c0);
  write4(out, f32x4.add(c0, d0), width, add);
}

@inline
function write8(out: usize, c0: v128, c1: v128, width: usize, add: bool): void {
  if (add) c0 = f32x4.add(c0, v128.load(out));
  v128.store(out, c0);
  write4(out + 16, c1, width - 4, add);
}

@inline
function write4(out: usize, c: v128, width: usize, add: bool): void {
  if (width == 4) {
    if (add) c = f32x4.add(c, v128.load(out));
    v128.store(out, c);
    return;
  }
  if (add) {
    store<f32>(out, load<f32>(out) + f32x4.extract_lane(c, 0));
    if (width > 1) store<f32>(out, load<f32>(out, 4) + f32x4.extract_lane(c, 1), 4);
    if (width > 2) store<f32>(out, load<f32>(out, 8) + f32x4.extract_lane(c, 2), 8);
  } else storePart(out, c, width);
}

/** kc rows of n columns into panels [n/8][kc][8] (the last one [kc][4] where 4 columns are enough), zeros behind the last column. */
export function pack(b: usize, panels: usize, kc: usize, n: usize, stride: usize): void {
  const row = stride << 2;
  for (let j: usize = 0; j < n; j += 8) {
    const width = min<usize>(8, n - j);
    let from = b + (j << 2);
    let to = panels + ((j * kc) << 2);
    if (width == 8) {
      for (let p: usize = 0; p < kc; p++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += row; to += 32;
      }
    } else {
      const padded: usize = width > 4 ? 8 : 4;
      for (let p: usize = 0; p < kc; p++) {
        for (let c: usize = 0; c < padded; c++) {
          store<f32>(to + (c << 2), c < width ? load<f32>(from + (c << 2)) : 0);
        }
        from += row; to += padded << 2;
      }
    }
  }
}

/** The same from n rows of kc: element (p, j) lies at j * stride + p. */
export function packTransposed(b: usize, panels: usize, kc: usize, n: usize, stride: usize): void {
  const row = stride << 2;
  for (let j: usize = 0; j < n; j += 8) {
    const width = min<usize>(8, n - j);
    const padded: usize = width > 4 ? 8 : 4;
    const to = panels + ((j * kc) << 2);
    for (let c: usize = 0; c < padded; c += 4) {
      const from = b + (j + c) * row;
      if (c + 4 <= width) transpose4(from, row, to + (c << 2), padded << 2, kc);
      else {
        for (let p: usize = 0; p < kc; p++) {
          for (let q: usize = c; q < c + 4; q++) {
            store<f32>(to + ((p * padded + q) << 2), q < width ? load<f32>(b + (j + q) * row + (p << 2)) : 0);
          }
        }
      }
    }
  }
}

/** kc columns of a transposed left side [kc][m] into rows [rows][kc]. */
export function packLeft(a: usize, to: usize, kc: usize, rows: usize, stride: usize): void {
  const row = stride << 2;
  let p: usize = 0;
  for (; p + 4 <= kc; p += 4) transpose4(a + p * row, row, to + (p << 2), kc << 2, rows);
  for (; p < kc; p++) {
    for (let i: usize = 0; i < rows; i++) store<f32>(to + ((i * kc + p) << 2), load<f32>(a + p * row + (i << 2)));
  }
}

/** Four rows of `length`, `row` bytes apart, into the four columns of `length` rows that are `out` bytes apart. */
function transpose4(from: usize, row: usize, to: usize, out: usize, length: usize): void {
  const r1 = from + row, r2 = r1 + row, r3 = r2 + row;
  let p: usize = 0;
  for (; p + 4 <= length; p += 4) {
    const at = p << 2;
    const x0 = v128.load(from + at), x1 = v128.load(r1 + at), x2 = v128.load(r2 + at), x3 = v128.load(r3 + at);
    const low01 = i32x4.shuffle(x0, x1, 0, 4, 1, 5), high01 = i32x4.shuffle(x0, x1, 2, 6, 3, 7);
    const low23 = i32x4.shuffle(x2, x3, 0, 4, 1, 5), high23 = i32x4.shuffle(x2, x3, 2, 6, 3, 7);
    const t = to + p * out;
    v128.store(t, i64x2.shuffle(low01, low23, 0, 2));
    v128.store(t + out, i64x2.shuffle(low01, low23, 1, 3));
    v128.store(t + 2 * out, i64x2.shuffle(high01, high23, 0, 2));
    v128.store(t + 3 * out, i64x2.shuffle(high01, high23, 1, 3));
  }
  for (; p < length; p++) {
    const at = p << 2, t = to + p * out;
    store<f32>(t, load<f32>(from + at));
    store<f32>(t, load<f32>(r1 + at), 4);
    store<f32>(t, load<f32>(r2 + at), 8);
    store<f32>(t, load<f32>(r3 + at), 12);
  }
}
