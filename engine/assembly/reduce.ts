/** Sums over one axis. */
import { loadPart, storePart, sumOf } from './vector';

/** out[i, k] = factor * sum over j of x[i, j, k]: x [outer, size, inner]. Partial sums keep the rounding low. */
export function sumAxis(x: usize, out: usize, outer: usize, size: usize, inner: usize, factor: f32): void {
  for (let i: usize = 0; i < outer; i++) {
    if (inner == 1) {
      store<f32>(out, factor * sumRow(x, size));
    } else {
      memory.fill(out, 0, inner << 2);
      addRows(x, out, size, inner);
      if (factor != 1) scale(out, inner, factor);
    }
    x += (size * inner) << 2;
    out += inner << 2;
  }
}

/** Sum of `size` floats: blocks of 1024 by four registers each. */
export function sumRow(x: usize, size: usize): f32 {
  let total: f32 = 0;
  while (size >= 16) {
    const count = min<usize>(size, 1024) & ~15;
    const end = x + (count << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; x < end; x += 64) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
    }
    total += sumOf(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    size -= count;
  }
  let rest: f32 = 0;
  for (; size > 0; size--, x += 4) rest += load<f32>(x);
  return total + rest;
}

/** out[k] += sum over j of x[j, k], eight rows at a time. */
export function addRows(x: usize, out: usize, size: usize, inner: usize): void {
  const row = inner << 2;
  let j: usize = 0;
  for (; j + 8 <= size; j += 8, x += 8 * row) {
    const x1 = x + row, x2 = x1 + row, x3 = x2 + row, x4 = x3 + row, x5 = x4 + row, x6 = x5 + row, x7 = x6 + row;
    let k: usize = 0;
    for (; k + 8 <= inner; k += 8) {
      const at = k << 2;
      const a = f32x4.add(f32x4.add(v128.load(x + at), v128.load(x1 + at)), f32x4.add(v128.load(x2 + at), v128.load(x3 + at)));
      const b = f32x4.add(f32x4.add(v128.load(x4 + at), v128.load(x5 + at)), f32x4.add(v128.load(x6 + at), v128.load(x7 + at)));
      const c = f32x4.add(
        f32x4.add(v128.load(x + at, 16), v128.load(x1 + at, 16)), f32x4.add(v128.load(x2 + at, 16), v128.load(x3 + at, 16)));
      const d = f32x4.add(
        f32x4.add(v128.load(x4 + at, 16), v128.load(x5 + at, 16)), f32x4.add(v128.load(x6 + at, 16), v128.load(x7 + at, 16)));
      const u = f32x4.add(v128.load(out + at), f32x4.add(a, b)), v = f32x4.add(v128.load(out + at, 16), f32x4.add(c, d));
      v128.store(out + at, u);
      v128.store(out + at, v, 16);
    }
    for (; k + 4 <= inner; k += 4) {
      const at = k << 2;
      const a = f32x4.add(f32x4.add(v128.load(x + at), v128.load(x1 + at)), f32x4.add(v128.load(x2 + at), v128.load(x3 + at)));
      const b = f32x4.add(f32x4.add(v128.load(x4 + at), v128.load(x5 + at)), f32x4.add(v128.load(x6 + at), v128.load(x7 + at)));
      v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.add(a, b)));
    }
    for (; k < inner; k++) {
      const at = k << 2;
      const a = (load<f32>(x + at) + load<f32>(x1 + at)) + (load<f32>(x2 + at) + load<f32>(x3 + at));
      const b = (load<f32>(x4 + at) + load<f32>(x5 + at)) + (load<f32>(x6 + at) + load<f32>(x7 + at));
      store<f32>(out + at, load<f32>(out + at) + (a + b));
    }
  }
  for (; j < size; j++, x += row) addRow(x, out, inner);
}

/** out[k] += x[k]. */
@inline
export function addRow(x: usize, out: usize, size: usize): void {
  const pairs = out + ((size & ~7) << 2), end = out + ((size & ~3) << 2);
  for (; out < pairs; x += 32, out += 32) {
    const u = f32x4.add(v128.load(out), v128.load(x)), v = f32x4.add(v128.load(out, 16), v128.load(x, 16));
    v128.store(out, u);
    v128.store(out, v, 16);
  }
  if (out < end) {
    v128.store(out, f32x4.add(v128.load(out), v128.load(x)));
    x += 16; out += 16;
  }
  const rest = size & 3;
  if (rest) storePart(out, f32x4.add(loadPart(out, rest), loadPart(x, rest)), rest);
}

/** x[k] *= factor. */
export function scale(x: usize, size: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  const pairs = x + ((size & ~7) << 2), end = x + ((size & ~3) << 2);
  for (; x < pairs; x += 32) {
    const u = f32x4.mul(v128.load(x), f), v = f32x4.mul(v128.load(x, 16), f);
    v128.store(x, u);
    v128.store(x, v, 16);
  }
  if (x < end) {
    v128.store(x, f32x4.mul(v128.load(x), f));
    x += 16;
  }
  for (let k = size & 3; k > 0; k--, x += 4) store<f32>(x, factor * load<f32>(x));
}
