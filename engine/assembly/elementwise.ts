/** Functions of one and of two arrays, entry by entry, with broadcasting. */
import { constants, erf, exp, loadPart, sigmoid, storePart } from './vector';

const EXP = 0, ERF = 1, SIGMOID = 2, SQUARE = 3;
const ADD = 0, SUB = 1, MULTIPLY = 2, DIVIDE = 3, MAXIMUM = 4, MINIMUM = 5;

/** out[i] = f(x[i]); f by number, see the constants. */
export function unary(f: i32, x: usize, out: usize, size: usize): void {
  if (f == EXP) map(EXP, x, out, size);
  else if (f == ERF) map(ERF, x, out, size);
  else if (f == SIGMOID) map(SIGMOID, x, out, size);
  else map(SQUARE, x, out, size);
}

// Here and below, vectors go in pairs of neighbours where there are two: see tiles.ts.
@inline
function map(f: i32, x: usize, out: usize, size: usize): void {
  const k = constants();
  const pairs = x + ((size & ~7) << 2), end = x + ((size & ~3) << 2);
  for (; x < pairs; x += 32, out += 32) {
    const u = applied(f, v128.load(x), k), v = applied(f, v128.load(x, 16), k);
    v128.store(out, u);
    v128.store(out, v, 16);
  }
  if (x < end) {
    v128.store(out, applied(f, v128.load(x), k));
    x += 16; out += 16;
  }
  if (size & 3) storePart(out, applied(f, loadPart(x, size & 3), k), size & 3);
}

@inline
function applied(f: i32, x: v128, k: usize): v128 {
  if (f == EXP) return exp(x, k);
  if (f == ERF) return erf(x, k);
  if (f == SIGMOID) return sigmoid(x, k);
  return f32x4.mul(x, x);
}

/**
 * out[i, j, k, l] = f(a, b) over four axes of sizes d0..d3. The operands advance by the given numbers of floats along each axis; along the
 * last one by 1 or, where they are repeated, by 0.
 */
export function binary(
  f: i32, a: usize, b: usize, out: usize, d0: usize, d1: usize, d2: usize, d3: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, b0: usize, b1: usize, b2: usize, b3: usize,
): void {
  for (let i: usize = 0; i < d0; i++) {
    for (let j: usize = 0; j < d1; j++) {
      let x = a + ((i * a0 + j * a1) << 2), y = b + ((i * b0 + j * b1) << 2);
      for (let k: usize = 0; k < d2; k++) {
        if (f == ADD) row(ADD, x, y, out, d3, a3, b3);
        else if (f == SUB) row(SUB, x, y, out, d3, a3, b3);
        else if (f == MULTIPLY) row(MULTIPLY, x, y, out, d3, a3, b3);
        else if (f == DIVIDE) row(DIVIDE, x, y, out, d3, a3, b3);
        else if (f == MAXIMUM) row(MAXIMUM, x, y, out, d3, a3, b3);
        else row(MINIMUM, x, y, out, d3, a3, b3);
        x += a2 << 2; y += b2 << 2; out += d3 << 2;
      }
    }
  }
}

@inline
function row(f: i32, a: usize, b: usize, out: usize, size: usize, stepA: usize, stepB: usize): void {
  const pairs = out + ((size & ~7) << 2), end = out + ((size & ~3) << 2);
  const rest = size & 3;
  if (stepA == 0) {
    const x = v128.load32_splat(a);
    for (; out < pairs; b += 32, out += 32) {
      const u = combined(f, x, v128.load(b)), v = combined(f, x, v128.load(b, 16));
      v128.store(out, u);
      v128.store(out, v, 16);
    }
    if (out < end) {
      v128.store(out, combined(f, x, v128.load(b)));
      b += 16; out += 16;
    }
    if (rest) storePart(out, combined(f, x, loadPart(b, rest)), rest);
  } else if (stepB == 0) {
    const y = v128.load32_splat(b);
    for (; out < pairs; a += 32, out += 32) {
      const u = combined(f, v128.load(a), y), v = combined(f, v128.load(a, 16), y);
      v128.store(out, u);
      v128.store(out, v, 16);
    }
    if (out < end) {
      v128.store(out, combined(f, v128.load(a), y));
      a += 16; out += 16;
    }
    if (rest) storePart(out, combined(f, loadPart(a, rest), y), rest);
  } else {
    for (; out < pairs; a += 32, b += 32, out += 32) {
      const u = combined(f, v128.load(a), v128.load(b)), v = combined(f, v128.load(a, 16), v128.load(b, 16));
      v128.store(out, u);
      v128.store(out, v, 16);
    }
    if (out < end) {
      v128.store(out, combined(f, v128.load(a), v128.load(b)));
      a += 16; b += 16; out += 16;
    }
    if (rest) storePart(out, combined(f, loadPart(a, rest), loadPart(b, rest)), rest);
  }
}

@inline
function combined(f: i32, x: v128, y: v128): v128 {
  if (f == ADD) return f32x4.add(x, y);
  if (f == SUB) return f32x4.sub(x, y);
  if (f == MULTIPLY) return f32x4.mul(x, y);
  if (f == DIVIDE) return f32x4.div(x, y);
  if (f == MAXIMUM) return f32x4.max(x, y);
  return f32x4.min(x, y);
}
