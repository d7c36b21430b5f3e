/**
 * Matrix products, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 2008): the
 * right side is packed into panels, one of which stays in the first cache; a tile of the result is held in registers.
 */
import { copyColumns, pack, packTransposed, padded, panelWidth } from './panels';
import { tile } from './tiles';

/** Rows of the right side that are packed at a time: a panel of them is 16 kB at most. */
const depth: usize = 256;
/** Rows of the left side that are treated at a time; they must stay in the second cache. */
const blockRows: usize = 64;
/** Rows of a transposed left side that lie together in its copy: as many floats as a line of the cache has. */
const copiedRows: usize = 16;

/** Bytes of scratch for a product with `n` columns and inner size `k`. */
export function matmulScratch(n: usize, k: usize): usize {
  return (min(k, depth) * (padded(n) + blockRows)) << 2;
}

/**
 * out[m, n] = a b, for each of `batch` products, plus bias[n] unless its address is 0. a is [m, k], or [k, m] when `ta`; b is [k, n], or [n, k]
 * when `tb`; all row-major. Consecutive products lie `aStep`, `bStep` floats apart (0: the same again).
 */
export function matmul(
  a: usize, b: usize, bias: usize, out: usize, batch: usize, m: usize, k: usize, n: usize,
  ta: bool, tb: bool, aStep: usize, bStep: usize, scratch: usize,
): void {
  for (let i: usize = 0; i < batch; i++) {
    one(a + ((i * aStep) << 2), b + ((i * bStep) << 2), bias, out + ((i * m * n) << 2), m, k, n, ta, tb, scratch);
  }
}

function one(
  a: usize, b: usize, bias: usize, out: usize, m: usize, k: usize, n: usize, ta: bool, tb: bool, scratch: usize,
): void {
  const copied = scratch + ((min(k, depth) * padded(n)) << 2);
  if (k == 0) {
    for (let i: usize = 0; i < m; i++) {
      if (bias) memory.copy(out + ((i * n) << 2), bias, n << 2);
      else memory.fill(out + ((i * n) << 2), 0, n << 2);
    }
    return;
  }
  for (let k0: usize = 0; k0 < k; k0 += depth) {
    const kc = min(depth, k - k0);
    if (tb) packTransposed(b + (k0 << 2), scratch, kc, n, k);
    else pack(b + ((k0 * n) << 2), scratch, kc, n, n);
    for (let i0: usize = 0; i0 < m; i0 += blockRows) {
      const rows = min(blockRows, m - i0);
      const to = out + ((i0 * n) << 2);
      const from = k0 > 0 ? to : bias, fromStride = k0 > 0 ? n : 0;
      if (ta) {
        copyColumns(a + ((k0 * m + i0) << 2), copied, kc, rows, m);
        for (let i: usize = 0; i < rows; i += copiedRows) {
          const count = min(copiedRows, rows - i);
          const f = from ? from + ((i * fromStride) << 2) : 0;
          block(copied + ((i * kc) << 2), 1, count, scratch, to + ((i * n) << 2), n, count, kc, n, f, fromStride);
        }
      } else block(a + ((i0 * k + k0) << 2), k, 1, scratch, to, n, rows, kc, n, from, fromStride);
    }
  }
}

/**
 * rows x n of the result from the left side and all panels, plus what lies at `from` unless that is 0. On the left, rows lie `stride` floats
 * apart and columns `step`; rows of the result lie `outStride` floats apart, those at `from` `fromStride`.
 */
export function block(
  a: usize, stride: usize, step: usize, panels: usize, out: usize, outStride: usize, rows: usize, kc: usize, n: usize,
  from: usize, fromStride: usize,
): void {
  const aRow = stride << 2, aStep = step << 2, row = outStride << 2, fromRow = fromStride << 2;
  for (let j: usize = 0; j < n;) {
    const width = panelWidth(n - j), written = min(width, n - j);
    let x = a, to = out + (j << 2), f = from ? from + (j << 2) : 0;
    let i: usize = 0;
    for (; i + 4 <= rows; i += 4) {
      if (width == 16) tile4x16(x, aRow, aStep, panels, to, row, kc, f, fromRow);
      else if (width == 8) tile4x8(x, aRow, aStep, panels, to, row, kc, f, fromRow, written);
      else tile4x4(x, aRow, aStep, panels, to, row, kc, f, fromRow, written);
      x += aRow << 2; to += row << 2;
      if (f) f += fromRow << 2;
    }
    for (; i < rows; i++) {
      if (width == 16) tile1x16(x, aStep, panels, to, kc, f);
      else if (width == 8) tile1x8(x, aStep, panels, to, kc, f, written);
      else tile1x4(x, aStep, panels, to, kc, f, written);
      x += aRow; to += row;
      if (f) f += fromRow;
    }
    panels += (width * kc) << 2;
    j += width;
  }
}

function tile4x16(
  a: usize, aRow: usize, aStep: usize, b: usize, out: usize, row: usize, kc: usize, from: usize, fromRow: usize,
): void {
  // Two loops: the engine does not merge what ends in one of two places.
  if (from) tile(4, 16, a, aRow, aStep, b, out, row, kc, from, fromRow, 16);
  else tile(4, 16, a, aRow, aStep, b, out, row, kc, 0, 0, 16);
}

function tile4x8(
  a: usize, aRow: usize, aStep: usize, b: usize, out: usize, row: usize, kc: usize, from: usize, fromRow: usize, width: usize,
): void {
  if (width == 8) tile(4, 8, a, aRow, aStep, b, out, row, kc, from, fromRow, 8);
  else tile(4, 8, a, aRow, aStep, b, out, row, kc, from, fromRow, width);
}

function tile4x4(
  a: usize, aRow: usize, aStep: usize, b: usize, out: usize, row: usize, kc: usize, from: usize, fromRow: usize, width: usize,
): void {
  tile(4, 4, a, aRow, aStep, b, out, row, kc, from, fromRow, width);
}

function tile1x16(a: usize, aStep: usize, b: usize, out: usize, kc: usize, from: usize): void {
  tile(1, 16, a, 0, aStep, b, out, 0, kc, from, 0, 16);
}

function tile1x8(a: usize, aStep: usize, b: usize, out: usize, kc: usize, from: usize, width: usize): void {
  tile(1, 8, a, 0, aStep, b, out, 0, kc, from, 0, width);
}

function tile1x4(a: usize, aStep: usize, b: usize, out: usize, kc: usize, from: usize, width: usize): void {
  tile(1, 4, a, 0, aStep, b, out, 0, kc, from, 0, width);
}
