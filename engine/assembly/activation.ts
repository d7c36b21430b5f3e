/** GELU and SiLU of x + bias over rows. A bias at address 0 is absent. */
import { addRow } from './reduce';
import {
  constants, DENSITY, erf, exp, HALF, loadPart, MINUS_HALF, ONE, ROOT_HALF, sigmoid, storePart,
} from './vector';

/** The distribution function of a normal variable. */
@inline
function normalOf(u: v128, k: usize): v128 {
  const half = v128.load32_splat(k, HALF);
  return f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(u, v128.load32_splat(k, ROOT_HALF)), k)));
}

@inline
function valueOf(silu: bool, u: v128, k: usize): v128 {
  return f32x4.mul(u, silu ? sigmoid(u, k) : normalOf(u, k));
}

/** Phi(u) + u phi(u), with the normal density phi; for SiLU s (1 + u (1 - s)), s = sigmoid(u). */
@inline
function slopeOf(silu: bool, u: v128, k: usize): v128 {
  if (silu) {
    const s = sigmoid(u, k), one = v128.load32_splat(k, ONE);
    return f32x4.mul(s, f32x4.add(one, f32x4.mul(u, f32x4.sub(one, s))));
  }
  const power = exp(f32x4.mul(f32x4.mul(u, u), v128.load32_splat(k, MINUS_HALF)), k);
  return f32x4.add(normalOf(u, k), f32x4.mul(u, f32x4.mul(power, v128.load32_splat(k, DENSITY))));
}

/** out = f(x + bias), x [rows, size]: GELU, or SiLU when `silu`. */
export function activation(x: usize, bias: usize, out: usize, rows: usize, size: usize, silu: bool): void {
  // Without a bias, all rows are one.
  if (!bias) { size *= rows; rows = size ? 1 : 0; }
  for (let i: usize = 0; i < rows; i++) {
    if (silu) row(true, x, bias, out, size);
    else row(false, x, bias, out, size);
    x += size << 2;
    out += size << 2;
  }
}

// Vectors go in pairs of neighbours where there are two, and nothing is asked inside a loop: see tiles.ts.
@inline
function row(silu: bool, x: usize, bias: usize, out: usize, size: usize): void {
  const k = constants();
  const pairs = out + ((size & ~7) << 2), end = out + ((size & ~3) << 2), rest = size & 3;
  if (bias) {
    for (; out < pairs; x += 32, bias += 32, out += 32) {
      const u = valueOf(silu, f32x4.add(v128.load(x), v128.load(bias)), k);
      const v = valueOf(silu, f32x4.add(v128.load(x, 16), v128.load(bias, 16)), k);
      v128.store(out, u);
      v128.store(out, v, 16);
    }
    if (out < end) {
      v128.store(out, valueOf(silu, f32x4.add(v128.load(x), v128.load(bias)), k));
      x += 16; bias += 16; out += 16;
    }
    if (rest) storePart(out, valueOf(silu, f32x4.add(loadPart(x, rest), loadPart(bias, rest)), k), rest);
  } else {
    for (; out < pairs; x += 32, out += 32) {
      const u = valueOf(silu, v128.load(x), k), v = valueOf(silu, v128.load(x, 16), k);
      v128.store(out, u);
      v128.store(out, v, 16);
    }
    if (out < end) {
      v128.store(out, valueOf(silu, v128.load(x), k));
      x += 16; out += 16;
    }
    if (rest) storePart(out, valueOf(silu, loadPart(x, rest), k), rest);
  }
}

/** dx = dy f'(x + bias), and its sum over the rows into dbias, which is overwritten where its address is not 0. */
export function activationGradient(
  x: usize, bias: usize, dy: usize, dx: usize, dbias: usize, rows: usize, size: usize, silu: bool,
): void {
  if (dbias) memory.fill(dbias, 0, size << 2);
  if (!bias) { size *= rows; rows = size ? 1 : 0; }
  for (let i: usize = 0; i < rows; i++) {
    if (silu) rowGradient(true, x, bias, dy, dx, size);
    else rowGradient(false, x, bias, dy, dx, size);
    if (dbias) addRow(dx, dbias, size);
    x += size << 2;
    dy += size << 2;
    dx += size << 2;
  }
}

@inline
function rowGradient(silu: bool, x: usize, bias: usize, dy: usize, dx: usize, size: usize): void {
  const k = constants();
  const pairs = dx + ((size & ~7) << 2), end = dx + ((size & ~3) << 2), rest = size & 3;
  if (bias) {
    for (; dx < pairs; x += 32, bias += 32, dy += 32, dx += 32) {
      const u = f32x4.mul(v128.load(dy), slopeOf(silu, f32x4.add(v128.load(x), v128.load(bias)), k));
      const v = f32x4.mul(v128.load(dy, 16), slopeOf(silu, f32x4.add(v128.load(x, 16), v128.load(bias, 16)), k));
      v128.store(dx, u);
      v128.store(dx, v, 16);
    }
    if (dx < end) {
      v128.store(dx, f32x4.mul(v128.load(dy), slopeOf(silu, f32x4.add(v128.load(x), v128.load(bias)), k)));
      x += 16; bias += 16; dy += 16; dx += 16;
    }
    if (rest) {
      const slope = slopeOf(silu, f32x4.add(loadPart(x, rest), loadPart(bias, rest)), k);
      storePart(dx, f32x4.mul(loadPart(dy, rest), slope), rest);
    }
  } else {
    for (; dx < pairs; x += 32, dy += 32, dx += 32) {
      const u = f32x4.mul(v128.load(dy), slopeOf(silu, v128.load(x), k));
      const v = f32x4.mul(v128.load(dy, 16), slopeOf(silu, v128.load(x, 16), k));
      v128.store(dx, u);
      v128.store(dx, v, 16);
    }
    if (dx < end) {
      v128.store(dx, f32x4.mul(v128.load(dy), slopeOf(silu, v128.load(x), k)));
      x += 16; dy += 16; dx += 16;
    }
    if (rest) storePart(dx, f32x4.mul(loadPart(dy, rest), slopeOf(silu, loadPart(x, rest), k)), rest);
  }
}
