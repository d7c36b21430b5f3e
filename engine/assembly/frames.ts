/** Hidden features of scalars and four-vectors from one frame to another. */
import { madd } from './vector';

/**
 * out = x with the matrix of its row on every four-vector, or with its transpose when `turned`: x [rows, copies, scalars + 4 vectors], scalars
 * first; frames [rows, 4, 4].
 */
export function frameTransform(
  x: usize, frames: usize, out: usize, rows: usize, copies: usize, scalars: usize, vectors: usize, turned: bool,
): void {
  const whole = (scalars & ~3) << 2, bytes = scalars << 2;
  for (let i: usize = 0; i < rows; i++, frames += 64) {
    let c0 = v128.load(frames), c1 = v128.load(frames, 16), c2 = v128.load(frames, 32), c3 = v128.load(frames, 48);
    if (!turned) {
      const low = i32x4.shuffle(c0, c1, 0, 4, 1, 5), high = i32x4.shuffle(c0, c1, 2, 6, 3, 7);
      const low2 = i32x4.shuffle(c2, c3, 0, 4, 1, 5), high2 = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
      c0 = i64x2.shuffle(low, low2, 0, 2);
      c1 = i64x2.shuffle(low, low2, 1, 3);
      c2 = i64x2.shuffle(high, high2, 0, 2);
      c3 = i64x2.shuffle(high, high2, 1, 3);
    }
    for (let c: usize = 0; c < copies; c++) {
      let at: usize = 0;
      for (; at < whole; at += 16) v128.store(out + at, v128.load(x + at));
      for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(x + at));
      x += bytes;
      out += bytes;
      for (let v: usize = 0; v < vectors; v++, x += 16, out += 16) {
        let y = f32x4.mul(v128.load32_splat(x), c0);
        y = madd(v128.load32_splat(x, 4), c1, y);
        y = madd(v128.load32_splat(x, 8), c2, y);
        v128.store(out, madd(v128.load32_splat(x, 12), c3, y));
      }
    }
  }
}

/** Of the matrices: out[i] = sum over copies and vectors of dy x^T, [rows, 4, 4]. */
export function frameTransformGradient(
  x: usize, dy: usize, out: usize, rows: usize, copies: usize, scalars: usize, vectors: usize,
): void {
  const bytes = scalars << 2;
  for (let i: usize = 0; i < rows; i++, out += 64) {
    let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0;
    for (let c: usize = 0; c < copies; c++) {
      x += bytes;
      dy += bytes;
      for (let v: usize = 0; v < vectors; v++, x += 16, dy += 16) {
        const u = v128.load(x);
        r0 = madd(v128.load32_splat(dy), u, r0);
        r1 = madd(v128.load32_splat(dy, 4), u, r1);
        r2 = madd(v128.load32_splat(dy, 8), u, r2);
        r3 = madd(v128.load32_splat(dy, 12), u, r3);
      }
    }
    v128.store(out, r0);
    v128.store(out, r1, 16);
    v128.store(out, r2, 32);
    v128.store(out, r3, 48);
  }
}
