/** Layer normalisation and normalisation by the root mean square, over rows. A weight or bias at address 0 is absent. */
import { loadPart, madd, storePart, sumOf } from './vector';
import { sumRow } from './reduce';

/** The sum of squares of x[k] - mean. */
@inline
function sumSquares(x: usize, size: usize, mean: f32): f32 {
  const m = f32x4.splat(mean);
  const end = x + ((size & ~3) << 2);
  let s0 = f32x4.splat(0);
  for (; x < end; x += 16) {
    const c = f32x4.sub(v128.load(x), m);
    s0 = madd(c, c, s0);
  }
  let total = sumOf(s0);
  for (let k = size & 3; k > 0; k--, x += 4) {
    const c = load<f32>(x) - mean;
    total += c * c;
  }
  return total;
}

/**
 * out = (x - mean) rate weight + bias, with rate = 1 / sqrt(variance + epsilon); the mean is 0 unless `centred`. Writes mean and rate of each
 * row into statistics [rows, 2].
 */
export function normalise(
  x: usize, weight: usize, bias: usize, out: usize, statistics: usize, rows: usize, size: usize, epsilon: f32, centred: bool,
): void {
  const bytes = size << 2, vectors = bytes & ~15, rest = size & 3;
  for (let i: usize = 0; i < rows; i++, x += bytes, out += bytes, statistics += 8) {
    const mean: f32 = centred ? sumRow(x, size) / <f32>size : 0;
    const rate: f32 = 1 / sqrt<f32>(sumSquares(x, size, mean) / <f32>size + epsilon);
    store<f32>(statistics, mean);
    store<f32>(statistics, rate, 4);
    const m = f32x4.splat(mean), r = f32x4.splat(rate);
    for (let at: usize = 0; at < vectors; at += 16) {
      let y = f32x4.mul(f32x4.sub(v128.load(x + at), m), r);
      if (weight) y = f32x4.mul(y, v128.load(weight + at));
      if (bias) y = f32x4.add(y, v128.load(bias + at));
      v128.store(out + at, y);
    }
    if (rest) {
      let y = f32x4.mul(f32x4.sub(loadPart(x + vectors, rest), m), r);
      if (weight) y = f32x4.mul(y, loadPart(weight + vectors, rest));
      if (bias) y = f32x4.add(y, loadPart(bias + vectors, rest));
      storePart(out + vectors, y, rest);
    }
  }
}

/**
 * With n = (x - mean) rate and g = dy weight: dx = rate (g - mean(g) - n mean(g n)), without mean(g) unless `centred`;
 * dweight = sum over the rows of dy n, dbias that of dy (where their addresses are not 0; they are overwritten).
 */
export function normaliseGradient(
  x: usize, weight: usize, dy: usize, statistics: usize, dx: usize, dweight: usize, dbias: usize, rows: usize, size: usize,
  centred: bool,
): void {
  const bytes = size << 2, vectors = bytes & ~15, rest = size & 3;
  if (dweight) memory.fill(dweight, 0, bytes);
  if (dbias) memory.fill(dbias, 0, bytes);
  for (let i: usize = 0; i < rows; i++, x += bytes, dy += bytes, dx += bytes, statistics += 8) {
    const rate = load<f32>(statistics, 4);
    const m = v128.load32_splat(statistics), r = f32x4.splat(rate);
    let sum = f32x4.splat(0), product = sum;
    for (let at: usize = 0; at < vectors; at += 16) {
      const d = v128.load(dy + at);
      const n = f32x4.mul(f32x4.sub(v128.load(x + at), m), r);
      const g = weight ? f32x4.mul(d, v128.load(weight + at)) : d;
      sum = f32x4.add(sum, g);
      product = madd(g, n, product);
      if (dweight) v128.store(dweight + at, madd(d, n, v128.load(dweight + at)));
      if (dbias) v128.store(dbias + at, f32x4.add(d, v128.load(dbias + at)));
    }
    if (rest) {
      const d = loadPart(dy + vectors, rest);
      const n = f32x4.mul(f32x4.sub(loadPart(x + vectors, rest), m), r);
      const g = weight ? f32x4.mul(d, loadPart(weight + vectors, rest)) : d;
      sum = f32x4.add(sum, g);
      product = madd(g, n, product);
      if (dweight) storePart(dweight + vectors, madd(d, n, loadPart(dweight + vectors, rest)), rest);
      if (dbias) storePart(dbias + vectors, f32x4.add(d, loadPart(dbias + vectors, rest)), rest);
    }
    const a = f32x4.splat(centred ? sumOf(sum) / <f32>size : 0), b = f32x4.splat(sumOf(product) / <f32>size);
    for (let at: usize = 0; at < vectors; at += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(x + at), m), r);
      const d = v128.load(dy + at);
      const g = weight ? f32x4.mul(d, v128.load(weight + at)) : d;
      v128.store(dx + at, f32x4.mul(r, f32x4.sub(f32x4.sub(g, a), f32x4.mul(n, b))));
    }
    if (rest) {
      const n = f32x4.mul(f32x4.sub(loadPart(x + vectors, rest), m), r);
      const d = loadPart(dy + vectors, rest);
      const g = weight ? f32x4.mul(d, loadPart(weight + vectors, rest)) : d;
      storePart(dx + vectors, f32x4.mul(r, f32x4.sub(f32x4.sub(g, a), f32x4.mul(n, b))), rest);
    }
  }
}
