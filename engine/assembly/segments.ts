/**
 * Means, maxima and softmax of rows by segment: x [rows, width], segments [rows] in any order; neighbours of one segment go together. A negative
 * segment counts nowhere. Functions with a result return the place of the first segment that is not below `count`, or -1; the others are given
 * segments that were checked.
 */
import { unary } from './elementwise';
import { addRow, scale } from './reduce';
import { runOf, segmentSum } from './rows';
import { softmax, softmaxGradient } from './softmax';
import { loadPart, storePart } from './vector';

/** Floats whose exponentials are taken at a time: they stay in the nearest cache. */
const chunk: usize = 2048;

/** Rows whose maximum is taken at a time: they stay there too. */
const block: usize = 16;

/** Whether no segment comes back after another one, or after rows in none: each is one run of rows. */
function inRuns(segments: usize, rows: usize): bool {
  let last = -1, gap = false;
  for (let i: usize = 0; i < rows; i++) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) gap = true;
    else if (segment < last || (gap && segment == last)) return false;
    else {
      last = segment;
      gap = false;
    }
  }
  return true;
}

/** out[s, :] = mean of x[i, :] over segments[i] = s, 0 without rows. Scratch: `count` floats. */
export function segmentMean(
  x: usize, segments: usize, sizes: usize, out: usize, rows: usize, count: usize, width: usize,
): i32 {
  const wrong = segmentSum(x, segments, out, rows, count, width);
  if (wrong >= 0) return wrong;
  sharesOf(segments, sizes, rows, count);
  const bytes = width << 2;
  for (let s: usize = 0; s < count; s++) scale(out + s * bytes, width, load<f32>(sizes + (s << 2)));
  return -1;
}

/** dx[i, :] = dy[segments[i], :] over the segment's number of rows. Scratch: `count` floats. */
export function segmentMeanGradient(
  dy: usize, segments: usize, sizes: usize, out: usize, rows: usize, count: usize, width: usize,
): void {
  sharesOf(segments, sizes, rows, count);
  const bytes = width << 2, pairs = bytes & ~31, vectors = bytes & ~15, rest = width & 3;
  for (let i: usize = 0; i < rows; i++, out += bytes) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) {
      memory.fill(out, 0, bytes);
      continue;
    }
    const from = dy + <usize>segment * bytes;
    const share = v128.load32_splat(sizes + (<usize>segment << 2));
    let k: usize = 0;
    for (; k < pairs; k += 32) {
      const u = f32x4.mul(v128.load(from + k), share), v = f32x4.mul(v128.load(from + k, 16), share);
      v128.store(out + k, u);
      v128.store(out + k, v, 16);
    }
    if (k < vectors) v128.store(out + k, f32x4.mul(v128.load(from + k), share));
    if (rest) storePart(out + vectors, f32x4.mul(loadPart(from + vectors, rest), share), rest);
  }
}

/** One over the number of rows of each segment, or 1 without rows: their sum of zero stays zero. */
function sharesOf(segments: usize, sizes: usize, rows: usize, count: usize): void {
  memory.fill(sizes, 0, count << 2);
  for (let i: usize = 0; i < rows; i++) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) continue;
    const at = sizes + (<usize>segment << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let s: usize = 0; s < count; s++) {
    const at = sizes + (s << 2);
    store<f32>(at, 1 / <f32>max<u32>(load<u32>(at), 1));
  }
}

/** out[s, :] = largest x[i, :] over segments[i] = s, column by column, 0 without rows. NaN wins. Scratch: `count` bytes. */
export function segmentMax(
  x: usize, segments: usize, seen: usize, out: usize, rows: usize, count: usize, width: usize,
): i32 {
  const bytes = width << 2;
  memory.fill(seen, 0, count);
  for (let i: usize = 0, run: usize = 0; i < rows; i += run, x += run * bytes) {
    const segment = load<i32>(segments + (i << 2));
    run = runOf(segments, i, rows);
    if (segment < 0) continue;
    if (<usize>segment >= count) return <i32>i;
    const to = out + <usize>segment * bytes;
    if (!load<u8>(seen + <usize>segment)) {
      store<u8>(seen + <usize>segment, 1);
      memory.copy(to, x, bytes);
    }
    for (let first: usize = 0; first < run; first += block) maxRows(x + first * bytes, to, min(block, run - first), width);
  }
  for (let s: usize = 0; s < count; s++) {
    if (!load<u8>(seen + s)) memory.fill(out + s * bytes, 0, bytes);
  }
  return -1;
}

/** out[k] = the largest of out[k] and x[j, k] over j; NaN wins. */
@inline
function maxRows(x: usize, out: usize, size: usize, width: usize): void {
  const bytes = width << 2, pairs = bytes & ~31, vectors = bytes & ~15, rest = width & 3, end = x + size * bytes;
  let k: usize = 0;
  for (; k < pairs; k += 32) {
    let u = v128.load(out + k), v = v128.load(out + k, 16);
    for (let row = x; row < end; row += bytes) {
      u = f32x4.max(u, v128.load(row + k));
      v = f32x4.max(v, v128.load(row + k, 16));
    }
    v128.store(out + k, u);
    v128.store(out + k, v, 16);
  }
  if (k < vectors) {
    let u = v128.load(out + k);
    for (let row = x; row < end; row += bytes) u = f32x4.max(u, v128.load(row + k));
    v128.store(out + k, u);
  }
  if (rest) {
    let u = loadPart(out + vectors, rest);
    for (let row = x; row < end; row += bytes) u = f32x4.max(u, loadPart(row + vectors, rest));
    storePart(out + vectors, u, rest);
  }
}

/** dx[i, :] = dy[s, :] over the number of rows that reach y[s, :], for those that do; s = segments[i]. Scratch: [count, width]. */
export function segmentMaxGradient(
  x: usize, y: usize, dy: usize, segments: usize, shares: usize, out: usize, rows: usize, count: usize, width: usize,
): void {
  const bytes = width << 2, vectors = bytes & ~15, rest = width & 3;
  memory.fill(shares, 0, count * bytes);
  const one = f32x4.splat(1);
  let row = x;
  for (let i: usize = 0; i < rows; i++, row += bytes) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) continue;
    const top = y + <usize>segment * bytes, ties = shares + <usize>segment * bytes;
    for (let k: usize = 0; k < vectors; k += 16) {
      const tie = v128.and(f32x4.eq(v128.load(row + k), v128.load(top + k)), one);
      v128.store(ties + k, f32x4.add(v128.load(ties + k), tie));
    }
    if (rest) {
      const tie = v128.and(f32x4.eq(loadPart(row + vectors, rest), loadPart(top + vectors, rest)), one);
      storePart(ties + vectors, f32x4.add(loadPart(ties + vectors, rest), tie), rest);
    }
  }
  // Where nothing reaches the maximum (no rows, or NaN), the quotient is not read.
  const all = count * width;
  let at: usize = 0;
  for (; at + 4 <= all; at += 4) {
    const k = at << 2;
    v128.store(shares + k, f32x4.div(v128.load(dy + k), v128.load(shares + k)));
  }
  for (; at < all; at++) {
    const k = at << 2;
    store<f32>(shares + k, load<f32>(dy + k) / load<f32>(shares + k));
  }
  for (let i: usize = 0; i < rows; i++, x += bytes, out += bytes) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) {
      memory.fill(out, 0, bytes);
      continue;
    }
    const top = y + <usize>segment * bytes, share = shares + <usize>segment * bytes;
    for (let k: usize = 0; k < vectors; k += 16) {
      v128.store(out + k, v128.and(f32x4.eq(v128.load(x + k), v128.load(top + k)), v128.load(share + k)));
    }
    if (rest) {
      const tie = f32x4.eq(loadPart(x + vectors, rest), loadPart(top + vectors, rest));
      storePart(out + vectors, v128.and(tie, loadPart(share + vectors, rest)), rest);
    }
  }
}

/**
 * out[i, :] = exp(x[i, :]) over its sum over the rows of the same segment, column by column; 0 for rows in none.
 * Scratch: twice [count, width], and `count` bytes.
 */
export function segmentSoftmax(
  x: usize, segments: usize, scratch: usize, out: usize, rows: usize, count: usize, width: usize,
): i32 {
  const bytes = width << 2, all = count * width;
  if (width == 1 && inRuns(segments, rows)) {
    for (let i: usize = 0, run: usize = 0; i < rows; i += run) {
      const segment = load<i32>(segments + (i << 2)), at = i << 2;
      if (segment >= 0 && <usize>segment >= count) return <i32>i;
      run = runOf(segments, i, rows);
      if (segment < 0) memory.fill(out + at, 0, run << 2);
      else softmax(x + at, out + at, 1, run);
    }
    return -1;
  }
  const tops = scratch, sums = tops + (all << 2);
  const wrong = segmentMax(x, segments, sums + (all << 2), tops, rows, count, width);
  if (wrong >= 0) return wrong;
  memory.fill(sums, 0, all << 2);
  const step = max<usize>(1, chunk / max<usize>(width, 1));
  for (let first: usize = 0; first < rows; first += step) {
    const last = min(first + step, rows), ids = segments + (first << 2), to = out + first * bytes;
    differences(x + first * bytes, tops, ids, to, last - first, width);
    unary(0, to, to, (last - first) * width);
    let row = to;
    for (let i = first; i < last; i++, row += bytes) {
      const segment = load<i32>(segments + (i << 2));
      if (segment >= 0) addRow(row, sums + <usize>segment * bytes, width);
    }
  }
  invert(sums, all);
  for (let i: usize = 0; i < rows; i++, out += bytes) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) memory.fill(out, 0, bytes);
    else multiplyRow(out, sums + <usize>segment * bytes, width);
  }
  return -1;
}

/** out[i, :] = x[i, :] - tops[segments[i], :]; 0 for rows in no segment. */
function differences(x: usize, tops: usize, segments: usize, out: usize, rows: usize, width: usize): void {
  const bytes = width << 2, vectors = bytes & ~15;
  for (let i: usize = 0; i < rows; i++, x += bytes, out += bytes) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) {
      memory.fill(out, 0, bytes);
      continue;
    }
    const top = tops + <usize>segment * bytes;
    let k: usize = 0;
    for (; k < vectors; k += 16) v128.store(out + k, f32x4.sub(v128.load(x + k), v128.load(top + k)));
    for (; k < bytes; k += 4) store<f32>(out + k, load<f32>(x + k) - load<f32>(top + k));
  }
}

function invert(x: usize, size: usize): void {
  const one = f32x4.splat(1);
  let k: usize = 0;
  for (; k + 4 <= size; k += 4) v128.store(x + (k << 2), f32x4.div(one, v128.load(x + (k << 2))));
  for (; k < size; k++) store<f32>(x + (k << 2), 1 / load<f32>(x + (k << 2)));
}

/** x[k] *= factors[k]. */
@inline
function multiplyRow(x: usize, factors: usize, width: usize): void {
  const bytes = width << 2, vectors = bytes & ~15;
  let k: usize = 0;
  for (; k < vectors; k += 16) v128.store(x + k, f32x4.mul(v128.load(x + k), v128.load(factors + k)));
  for (; k < bytes; k += 4) store<f32>(x + k, load<f32>(x + k) * load<f32>(factors + k));
}

/** dx[i, :] = y[i, :] (dy[i, :] - sum over the rows of the same segment of y dy). Scratch: [count, width]. */
export function segmentSoftmaxGradient(
  y: usize, dy: usize, segments: usize, sums: usize, out: usize, rows: usize, count: usize, width: usize,
): void {
  const bytes = width << 2, vectors = bytes & ~15;
  if (width == 1 && inRuns(segments, rows)) {
    for (let i: usize = 0, run: usize = 0; i < rows; i += run) {
      const at = i << 2;
      run = runOf(segments, i, rows);
      if (load<i32>(segments + at) < 0) memory.fill(out + at, 0, run << 2);
      else softmaxGradient(y + at, dy + at, out + at, 1, run);
    }
    return;
  }
  memory.fill(sums, 0, count * bytes);
  for (let i: usize = 0; i < rows; i++) {
    const segment = load<i32>(segments + (i << 2));
    if (segment < 0) continue;
    const a = y + i * bytes, b = dy + i * bytes, to = sums + <usize>segment * bytes;
    let k: usize = 0;
    for (; k < vectors; k += 16) {
      v128.store(to + k, f32x4.add(v128.load(to + k), f32x4.mul(v128.load(a + k), v128.load(b + k))));
    }
    for (; k < bytes; k += 4) store<f32>(to + k, load<f32>(to + k) + load<f32>(a + k) * load<f32>(b + k));
  }
  for (let i: usize = 0; i < rows; i++) {
    const segment = load<i32>(segments + (i << 2));
    const a = y + i * bytes, b = dy + i * bytes, to = out + i * bytes;
    if (segment < 0) {
      memory.fill(to, 0, bytes);
      continue;
    }
    const mean = sums + <usize>segment * bytes;
    let k: usize = 0;
    for (; k < vectors; k += 16) {
      v128.store(to + k, f32x4.mul(v128.load(a + k), f32x4.sub(v128.load(b + k), v128.load(mean + k))));
    }
    for (; k < bytes; k += 4) store<f32>(to + k, load<f32>(a + k) * (load<f32>(b + k) - load<f32>(mean + k)));
  }
}
