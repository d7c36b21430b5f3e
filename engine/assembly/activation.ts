/** GELU and SiLU of x + bias over rows. A bias at address 0 is absent. */
import { erf, exp, loadPart, sigmoid, storePart } from './vector';

@inline
function geluOf(u: v128): v128 {
  const half = f32x4.splat(0.5);
  const normal = f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(u, f32x4.splat(0.7071067811865476)))));
  return f32x4.mul(u, normal);
}

/** Phi(u) + u phi(u), with the normal density phi. */
@inline
function geluSlope(u: v128): v128 {
  const half = f32x4.splat(0.5);
  const normal = f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(u, f32x4.splat(0.7071067811865476)))));
  const density = f32x4.mul(exp(f32x4.mul(f32x4.mul(u, u), f32x4.splat(-0.5))), f32x4.splat(0.3989422804014327));
  return f32x4.add(normal, f32x4.mul(u, density));
}

@inline
function siluOf(u: v128): v128 {
  return f32x4.mul(u, sigmoid(u));
}

/** s (1 + u (1 - s)), s = sigmoid(u). */
@inline
function siluSlope(u: v128): v128 {
  const s = sigmoid(u), one = f32x4.splat(1);
  return f32x4.mul(s, f32x4.add(one, f32x4.mul(u, f32x4.sub(one, s))));
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

@inline
function row(silu: bool, x: usize, bias: usize, out: usize, size: usize): void {
  const vectors = (size & ~3) << 2, rest = size & 3;
  for (let at: usize = 0; at < vectors; at += 16) {
    let u = v128.load(x + at);
    if (bias) u = f32x4.add(u, v128.load(bias + at));
    v128.store(out + at, silu ? siluOf(u) : geluOf(u));
  }
  if (rest) {
    let u = loadPart(x + vectors, rest);
    if (bias) u = f32x4.add(u, loadPart(bias + vectors, rest));
    storePart(out + vectors, silu ? siluOf(u) : geluOf(u), rest);
  }
}

/** dx = dy f'(x + bias), and its sum over the rows into dbias, which is overwritten where its address is not 0. */
export function activationGradient(
  x: usize, bias: usize, dy: usize, dx: usize, dbias: usize, rows: usize, size: usize, silu: bool,
): void {
  if (dbias) memory.fill(dbias, 0, size << 2);
  if (!bias) { size *= rows; rows = size ? 1 : 0; }
  for (let i: usize = 0; i < rows; i++) {
    if (silu) rowGradient(true, x, bias, dy, dx, dbias, size);
    else rowGradient(false, x, bias, dy, dx, dbias, size);
    x += size << 2;
    dy += size << 2;
    dx += size << 2;
  }
}

@inline
function rowGradient(silu: bool, x: usize, bias: usize, dy: usize, dx: usize, dbias: usize, size: usize): void {
  const vectors = (size & ~3) << 2, rest = size & 3;
  for (let at: usize = 0; at < vectors; at += 16) {
    let u = v128.load(x + at);
    if (bias) u = f32x4.add(u, v128.load(bias + at));
    const d = f32x4.mul(v128.load(dy + at), silu ? siluSlope(u) : geluSlope(u));
    v128.store(dx + at, d);
    if (dbias) v128.store(dbias + at, f32x4.add(d, v128.load(dbias + at)));
  }
  if (rest) {
    let u = loadPart(x + vectors, rest);
    if (bias) u = f32x4.add(u, loadPart(bias + vectors, rest));
    const d = f32x4.mul(loadPart(dy + vectors, rest), silu ? siluSlope(u) : geluSlope(u));
    storePart(dx + vectors, d, rest);
    if (dbias) storePart(dbias + vectors, f32x4.add(d, loadPart(dbias + vectors, rest)), rest);
  }
}
