/** Distances of all pairs: x [n, d], y [m, d]. y lies by columns, so that neighbouring numbers are those of neighbouring points. */
import { plane } from './transpose';
import { madd, sumOf } from './vector';

/** Bytes of scratch for both functions. */
export function pairwiseScratch(m: usize, d: usize): usize {
  return (2 * d + 1) * m << 2;
}

/** out[i, j] = |x[i] - y[j]|. */
export function pairwiseDistances(x: usize, y: usize, out: usize, n: usize, m: usize, d: usize, columns: usize): void {
  const bytes = m << 2, pairs = bytes & ~31, vectors = bytes & ~15;
  plane(y, columns, d, m, d << 2, bytes);
  for (let i: usize = 0; i < n; i++, x += d << 2, out += bytes) {
    let j: usize = 0;
    for (; j < pairs; j += 32) {
      let u = f32x4.splat(0), v = u;
      for (let k: usize = 0, at = columns + j; k < d; k++, at += bytes) {
        const own = v128.load32_splat(x + (k << 2));
        const a = f32x4.sub(own, v128.load(at)), b = f32x4.sub(own, v128.load(at, 16));
        u = madd(a, a, u);
        v = madd(b, b, v);
      }
      v128.store(out + j, f32x4.sqrt(u));
      v128.store(out + j, f32x4.sqrt(v), 16);
    }
    if (j < vectors) {
      let u = f32x4.splat(0);
      for (let k: usize = 0, at = columns + j; k < d; k++, at += bytes) {
        const a = f32x4.sub(v128.load32_splat(x + (k << 2)), v128.load(at));
        u = madd(a, a, u);
      }
      v128.store(out + j, f32x4.sqrt(u));
      j += 16;
    }
    for (; j < bytes; j += 4) {
      let sum: f32 = 0;
      for (let k: usize = 0, at = columns + j; k < d; k++, at += bytes) {
        const a = load<f32>(x + (k << 2)) - load<f32>(at);
        sum += a * a;
      }
      store<f32>(out + j, sqrt<f32>(sum));
    }
  }
}

/** dx and dy of r = pairwiseDistances(x, y) and its gradient g [n, m]: g (x[i] - y[j]) / r, summed; pairs at distance 0 count nowhere. */
export function pairwiseGradient(
  x: usize, y: usize, r: usize, g: usize, dx: usize, dy: usize, n: usize, m: usize, d: usize, scratch: usize,
): void {
  const bytes = m << 2, pairs = bytes & ~31, vectors = bytes & ~15;
  const columns = scratch, sums = columns + d * bytes, weights = sums + d * bytes;
  plane(y, columns, d, m, d << 2, bytes);
  memory.fill(sums, 0, d * bytes);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < n; i++, x += d << 2, dx += d << 2, r += bytes, g += bytes) {
    let j: usize = 0;
    for (; j < vectors; j += 16) {
      const far = v128.load(r + j);
      v128.store(weights + j, v128.andnot(f32x4.div(v128.load(g + j), far), f32x4.eq(far, zero)));
    }
    for (; j < bytes; j += 4) {
      const far = load<f32>(r + j);
      store<f32>(weights + j, far == 0 ? 0 : load<f32>(g + j) / far);
    }
    for (let k: usize = 0; k < d; k++) {
      const column = columns + k * bytes, sum = sums + k * bytes;
      const own = v128.load32_splat(x + (k << 2));
      let u = zero, v = zero;
      j = 0;
      for (; j < pairs; j += 32) {
        const a = f32x4.mul(v128.load(weights + j), f32x4.sub(own, v128.load(column + j)));
        const b = f32x4.mul(v128.load(weights + j, 16), f32x4.sub(own, v128.load(column + j, 16)));
        const c = f32x4.sub(v128.load(sum + j), a), e = f32x4.sub(v128.load(sum + j, 16), b);
        u = f32x4.add(u, a);
        v = f32x4.add(v, b);
        v128.store(sum + j, c);
        v128.store(sum + j, e, 16);
      }
      if (j < vectors) {
        const a = f32x4.mul(v128.load(weights + j), f32x4.sub(own, v128.load(column + j)));
        u = f32x4.add(u, a);
        v128.store(sum + j, f32x4.sub(v128.load(sum + j), a));
        j += 16;
      }
      let total = sumOf(f32x4.add(u, v));
      for (; j < bytes; j += 4) {
        const a = load<f32>(weights + j) * (load<f32>(x + (k << 2)) - load<f32>(column + j));
        total += a;
        store<f32>(sum + j, load<f32>(sum + j) - a);
      }
      store<f32>(dx + (k << 2), total);
    }
  }
  plane(sums, dy, m, d, bytes, d << 2);
}
