/** Softmax over rows. */
import { exp, loadPart, maxOf, storePart, sumOf } from './vector';

/** The largest entry of a row and `start`. */
export function maxRow(x: usize, size: usize, start: f32): f32 {
  let most = f32x4.splat(start);
  const end = x + ((size & ~3) << 2);
  for (; x < end; x += 16) most = f32x4.max(most, v128.load(x));
  let result = maxOf(most);
  for (let k = size & 3; k > 0; k--, x += 4) result = max<f32>(result, load<f32>(x));
  return result;
}

/** out[k] = exp(x[k] - shift); returns their sum. x and out may be the same. */
export function expRow(x: usize, out: usize, size: usize, shift: f32): f32 {
  const s = f32x4.splat(shift);
  let sum = f32x4.splat(0);
  const end = x + ((size & ~3) << 2);
  for (; x < end; x += 16, out += 16) {
    const y = exp(f32x4.sub(v128.load(x), s));
    v128.store(out, y);
    sum = f32x4.add(sum, y);
  }
  const rest = size & 3;
  if (!rest) return sumOf(sum);
  const y = exp(f32x4.sub(loadPart(x, rest), s));
  storePart(out, y, rest);
  let total = sumOf(sum) + f32x4.extract_lane(y, 0);
  if (rest > 1) total += f32x4.extract_lane(y, 1);
  if (rest > 2) total += f32x4.extract_lane(y, 2);
  return total;
}

/** Each row of x [rows, size]. */
export function softmax(x: usize, out: usize, rows: usize, size: usize): void {
  const bytes = size << 2;
  for (let i: usize = 0; i < rows; i++, x += bytes, out += bytes) {
    const total = expRow(x, out, size, maxRow(x, size, -Infinity));
    const f = f32x4.splat(1 / total);
    for (let at: usize = 0; at < (bytes & ~15); at += 16) v128.store(out + at, f32x4.mul(v128.load(out + at), f));
    for (let at = bytes & ~15; at < bytes; at += 4) store<f32>(out + at, load<f32>(out + at) / total);
  }
}

/** dx = y (dy - sum over the row of dy y). */
export function softmaxGradient(y: usize, dy: usize, out: usize, rows: usize, size: usize): void {
  const bytes = size << 2, vectors = bytes & ~15, rest = size & 3;
  for (let i: usize = 0; i < rows; i++, y += bytes, dy += bytes, out += bytes) {
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < vectors; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(y + at), v128.load(dy + at)));
    if (rest) sum = f32x4.add(sum, f32x4.mul(loadPart(y + vectors, rest), loadPart(dy + vectors, rest)));
    const mean = f32x4.splat(sumOf(sum));
    for (let at: usize = 0; at < vectors; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), mean)));
    }
    if (rest) storePart(out + vectors, f32x4.mul(loadPart(y + vectors, rest), f32x4.sub(loadPart(dy + vectors, rest), mean)), rest);
  }
}
