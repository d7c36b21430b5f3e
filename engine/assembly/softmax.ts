/** Softmax over rows. */
import { scale } from './reduce';
import { constants, exp, loadPart, maxOf, storePart, sumOf } from './vector';

/** The largest entry of a row and `start`. A NaN may be passed over: its exponential then makes the row's sum NaN. */
export function maxRow(x: usize, size: usize, start: f32): f32 {
  let even = f32x4.splat(start), odd = even;
  const pairs = x + ((size & ~7) << 2), end = x + ((size & ~3) << 2);
  for (; x < pairs; x += 32) {
    even = f32x4.pmax(even, v128.load(x));
    odd = f32x4.pmax(odd, v128.load(x, 16));
  }
  if (x < end) {
    even = f32x4.pmax(even, v128.load(x));
    x += 16;
  }
  let result = maxOf(f32x4.pmax(even, odd));
  for (let k = size & 3; k > 0; k--, x += 4) result = max<f32>(result, load<f32>(x));
  return result;
}

/** out[k] = exp(factor x[k] - shift); returns their sum. x and out may be the same. */
export function expRow(x: usize, out: usize, size: usize, factor: f32, shift: f32): f32 {
  const c = constants();
  const f = f32x4.splat(factor), s = f32x4.splat(shift);
  let even = f32x4.splat(0), odd = even;
  const pairs = x + ((size & ~7) << 2), end = x + ((size & ~3) << 2);
  for (; x < pairs; x += 32, out += 32) {
    const u = exp(f32x4.sub(f32x4.mul(v128.load(x), f), s), c), v = exp(f32x4.sub(f32x4.mul(v128.load(x, 16), f), s), c);
    v128.store(out, u);
    v128.store(out, v, 16);
    even = f32x4.add(even, u);
    odd = f32x4.add(odd, v);
  }
  if (x < end) {
    const y = exp(f32x4.sub(f32x4.mul(v128.load(x), f), s), c);
    v128.store(out, y);
    even = f32x4.add(even, y);
    x += 16; out += 16;
  }
  const rest = size & 3;
  const sum = sumOf(f32x4.add(even, odd));
  if (!rest) return sum;
  const y = exp(f32x4.sub(f32x4.mul(loadPart(x, rest), f), s), c);
  storePart(out, y, rest);
  let total = sum + f32x4.extract_lane(y, 0);
  if (rest > 1) total += f32x4.extract_lane(y, 1);
  if (rest > 2) total += f32x4.extract_lane(y, 2);
  return total;
}

/** Each row of x [rows, size]. */
export function softmax(x: usize, out: usize, rows: usize, size: usize): void {
  const bytes = size << 2;
  for (let i: usize = 0; i < rows; i++, x += bytes, out += bytes) {
    const total = expRow(x, out, size, 1, maxRow(x, size, -Infinity));
    scale(out, size, 1 / total);
  }
}

/** dx = y (dy - sum over the row of dy y). */
export function softmaxGradient(y: usize, dy: usize, out: usize, rows: usize, size: usize): void {
  const bytes = size << 2, pairs = bytes & ~31, vectors = bytes & ~15, rest = size & 3;
  for (let i: usize = 0; i < rows; i++, y += bytes, dy += bytes, out += bytes) {
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < vectors; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(y + at), v128.load(dy + at)));
    if (rest) sum = f32x4.add(sum, f32x4.mul(loadPart(y + vectors, rest), loadPart(dy + vectors, rest)));
    const mean = f32x4.splat(sumOf(sum));
    let at: usize = 0;
    for (; at < pairs; at += 32) {
      const u = f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), mean));
      const v = f32x4.mul(v128.load(y + at, 16), f32x4.sub(v128.load(dy + at, 16), mean));
      v128.store(out + at, u);
      v128.store(out + at, v, 16);
    }
    if (at < vectors) v128.store(out + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), mean)));
    if (rest) storePart(out + vectors, f32x4.mul(loadPart(y + vectors, rest), f32x4.sub(loadPart(dy + vectors, rest), mean)), rest);
  }
}
