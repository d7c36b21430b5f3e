/**
 * Real spherical harmonics and their gradient by the recursions of engine/src/kernel/spherical-harmonics/reference.ts: for each order m,
 * (z + i x)^m gives the azimuthal parts, and the polar part follows that of the associated Legendre polynomials. Eight vectors at a time.
 */
import { fromLanes, lane, lanes, toLanes } from './lanes';

/** Vectors of the recursion, and for each order and degree three numbers, at most 28 times. */
const tableBytes: usize = 28 * 12;

/** Bytes of scratch for both functions. */
export function sphericalHarmonicsScratch(degree: usize): usize {
  return tableBytes + (3 + (degree + 1) * (degree + 1)) * lane;
}

/** For each order m and degree l >= m: the harmonic's factor, and those of the step to degree l + 1. `kind` as in `factorOf`. */
function prepare(table: usize, degree: i32, kind: i32): void {
  for (let m = 0; m <= degree; m++) {
    for (let l = m; l <= degree; l++, table += 12) {
      store<f32>(table, <f32>factorOf(l, m, kind));
      store<f32>(table, <f32>(<f64>(l + l + 1) / <f64>(l + 1 - m)), 4);
      store<f32>(table, <f32>(<f64>(l + m) / <f64>(l + 1 - m)), 8);
    }
  }
}

/** sqrt(2 (l-m)!/(l+m)!), without the 2 at m = 0, times the normalisation: 0 norm, 1 component, 2 integral. */
function factorOf(l: i32, m: i32, kind: i32): f64 {
  let squared: f64 = kind == 0 ? 1 : <f64>(l + l + 1);
  if (kind == 2) squared /= 12.566370614359172;
  for (let k = l - m + 1; k <= l + m; k++) squared /= <f64>k;
  return sqrt<f64>(m > 0 ? 2 * squared : squared);
}

/** Added to |v|^2, as in reference.ts. */
const tiny: f32 = 1e-30;

/** out [count, (degree + 1)^2] of vectors [count, 3]. */
export function sphericalHarmonics(
  vectors: usize, out: usize, count: usize, degree: i32, normalize: bool, kind: i32, scratch: usize,
): void {
  const size = <usize>((degree + 1) * (degree + 1));
  const xyz = scratch + tableBytes, columns = xyz + 3 * lane;
  prepare(scratch, degree, kind);
  for (let i: usize = 0; i < count; i += lanes, vectors += lanes * 12, out += (lanes * size) << 2) {
    const rows = min(lanes, count - i);
    toLanes(vectors, rows, 3, xyz);
    harmonics(xyz, columns, degree, normalize, scratch);
    fromLanes(columns, rows, size, out);
  }
}

function harmonics(xyz: usize, columns: usize, degree: i32, normalize: bool, table: usize): void {
  let x0 = v128.load(xyz), x1 = v128.load(xyz, 16);
  let y0 = v128.load(xyz, 32), y1 = v128.load(xyz, 48);
  let z0 = v128.load(xyz, 64), z1 = v128.load(xyz, 80);
  if (normalize) {
    const r0 = inverseNorm(x0, y0, z0), r1 = inverseNorm(x1, y1, z1);
    x0 = f32x4.mul(x0, r0); x1 = f32x4.mul(x1, r1);
    y0 = f32x4.mul(y0, r0); y1 = f32x4.mul(y1, r1);
    z0 = f32x4.mul(z0, r0); z1 = f32x4.mul(z1, r1);
  }
  const square0 = squareOf(x0, y0, z0), square1 = squareOf(x1, y1, z1);
  let cosine0 = f32x4.splat(1), cosine1 = cosine0, sine0 = f32x4.splat(0), sine1 = sine0;
  let diagonal: f32 = 1;
  for (let m = 0; m <= degree; m++) {
    let below0 = f32x4.splat(0), below1 = below0, polar0 = f32x4.splat(diagonal), polar1 = polar0;
    // Columns of +m and -m, at l^2 + l + m and l^2 + l - m.
    let plus = columns + <usize>(m * m + 2 * m) * lane, minus = columns + <usize>(m * m) * lane;
    for (let l = m; l <= degree; l++, table += 12) {
      const factor = v128.load32_splat(table);
      const f0 = f32x4.mul(factor, polar0), f1 = f32x4.mul(factor, polar1);
      if (m > 0) {
        v128.store(minus, f32x4.mul(f0, sine0));
        v128.store(minus, f32x4.mul(f1, sine1), 16);
      }
      v128.store(plus, f32x4.mul(f0, cosine0));
      v128.store(plus, f32x4.mul(f1, cosine1), 16);
      const a = v128.load32_splat(table, 4), b = v128.load32_splat(table, 8);
      const next0 = f32x4.sub(f32x4.mul(f32x4.mul(y0, polar0), a), f32x4.mul(f32x4.mul(square0, below0), b));
      const next1 = f32x4.sub(f32x4.mul(f32x4.mul(y1, polar1), a), f32x4.mul(f32x4.mul(square1, below1), b));
      below0 = polar0; below1 = polar1;
      polar0 = next0; polar1 = next1;
      plus += <usize>(2 * l + 2) * lane;
      minus += <usize>(2 * l + 2) * lane;
    }
    diagonal *= <f32>(m + m + 1);
    const real0 = f32x4.sub(f32x4.mul(cosine0, z0), f32x4.mul(sine0, x0)), real1 = f32x4.sub(f32x4.mul(cosine1, z1), f32x4.mul(sine1, x1));
    sine0 = f32x4.add(f32x4.mul(cosine0, x0), f32x4.mul(sine0, z0));
    sine1 = f32x4.add(f32x4.mul(cosine1, x1), f32x4.mul(sine1, z1));
    cosine0 = real0; cosine1 = real1;
  }
}

@inline
function squareOf(x: v128, y: v128, z: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z));
}

@inline
function inverseNorm(x: v128, y: v128, z: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(squareOf(x, y, z), f32x4.splat(tiny))));
}

/** dv [count, 3] of vectors [count, 3] and dy [count, (degree + 1)^2]. */
export function sphericalHarmonicsGradient(
  vectors: usize, dy: usize, out: usize, count: usize, degree: i32, normalize: bool, kind: i32, scratch: usize,
): void {
  const size = <usize>((degree + 1) * (degree + 1));
  const xyz = scratch + tableBytes, columns = xyz + 3 * lane;
  prepare(scratch, degree, kind);
  for (let i: usize = 0; i < count; i += lanes, vectors += lanes * 12, dy += (lanes * size) << 2, out += lanes * 12) {
    const rows = min(lanes, count - i);
    toLanes(vectors, rows, 3, xyz);
    toLanes(dy, rows, size, columns);
    // Two halves: for one vector twice as wide there are not enough registers.
    slopes(xyz, columns, degree, normalize, scratch);
    if (rows > 4) slopes(xyz + 16, columns + 16, degree, normalize, scratch);
    fromLanes(xyz, rows, 3, out);
  }
}

/**
 * The gradient of four vectors, written over them. With the polar part P(y, |u|^2) and c, s the gradients of the two harmonics of order m:
 * du = sum of (c cos + s sin) (dP/dy e_y + 2 dP/d|u|^2 u) + m P (s lower_re - c lower_im, 0, c lower_re + s lower_im), lower = (z + i x)^(m-1).
 */
function slopes(xyz: usize, columns: usize, degree: i32, normalize: bool, table: usize): void {
  let x = v128.load(xyz), y = v128.load(xyz, 32), z = v128.load(xyz, 64);
  const inverse = inverseNorm(x, y, z), zero = f32x4.splat(0);
  if (normalize) {
    x = f32x4.mul(x, inverse);
    y = f32x4.mul(y, inverse);
    z = f32x4.mul(z, inverse);
  }
  const square = squareOf(x, y, z);
  let cosine = f32x4.splat(1), sine = zero, lowerRe = zero, lowerIm = zero;
  let dx = zero, dy = zero, dz = zero, dsquare = zero;
  let diagonal: f32 = 1;
  for (let m = 0; m <= degree; m++) {
    let below = zero, polar = f32x4.splat(diagonal);
    let belowY = zero, polarY = zero, belowSquare = zero, polarSquare = zero;
    // Sums of c P and s P over the degrees.
    let even = zero, odd = zero;
    let plus = columns + <usize>(m * m + 2 * m) * lane, minus = columns + <usize>(m * m) * lane;
    for (let l = m; l <= degree; l++, table += 12) {
      const factor = v128.load32_splat(table);
      const c = f32x4.mul(factor, v128.load(plus));
      let azimuth = f32x4.mul(c, cosine);
      if (m > 0) {
        const s = f32x4.mul(factor, v128.load(minus));
        azimuth = f32x4.add(azimuth, f32x4.mul(s, sine));
        even = f32x4.add(even, f32x4.mul(c, polar));
        odd = f32x4.add(odd, f32x4.mul(s, polar));
      }
      dy = f32x4.add(dy, f32x4.mul(azimuth, polarY));
      dsquare = f32x4.add(dsquare, f32x4.mul(azimuth, polarSquare));
      const a = v128.load32_splat(table, 4), b = v128.load32_splat(table, 8);
      const nextY = f32x4.sub(f32x4.mul(a, f32x4.add(f32x4.mul(y, polarY), polar)), f32x4.mul(b, f32x4.mul(square, belowY)));
      const nextSquare = f32x4.sub(
        f32x4.mul(a, f32x4.mul(y, polarSquare)), f32x4.mul(b, f32x4.add(f32x4.mul(square, belowSquare), below)),
      );
      const next = f32x4.sub(f32x4.mul(f32x4.mul(y, polar), a), f32x4.mul(f32x4.mul(square, below), b));
      belowY = polarY; polarY = nextY;
      belowSquare = polarSquare; polarSquare = nextSquare;
      below = polar; polar = next;
      plus += <usize>(2 * l + 2) * lane;
      minus += <usize>(2 * l + 2) * lane;
    }
    if (m > 0) {
      const order = f32x4.splat(<f32>m);
      dx = f32x4.add(dx, f32x4.mul(order, f32x4.sub(f32x4.mul(odd, lowerRe), f32x4.mul(even, lowerIm))));
      dz = f32x4.add(dz, f32x4.mul(order, f32x4.add(f32x4.mul(even, lowerRe), f32x4.mul(odd, lowerIm))));
    }
    diagonal *= <f32>(m + m + 1);
    lowerRe = cosine; lowerIm = sine;
    cosine = f32x4.sub(f32x4.mul(lowerRe, z), f32x4.mul(lowerIm, x));
    sine = f32x4.add(f32x4.mul(lowerRe, x), f32x4.mul(lowerIm, z));
  }
  const twice = f32x4.add(dsquare, dsquare);
  dx = f32x4.add(dx, f32x4.mul(twice, x));
  dy = f32x4.add(dy, f32x4.mul(twice, y));
  dz = f32x4.add(dz, f32x4.mul(twice, z));
  if (normalize) {
    const along = f32x4.add(f32x4.add(f32x4.mul(dx, x), f32x4.mul(dy, y)), f32x4.mul(dz, z));
    dx = f32x4.mul(f32x4.sub(dx, f32x4.mul(along, x)), inverse);
    dy = f32x4.mul(f32x4.sub(dy, f32x4.mul(along, y)), inverse);
    dz = f32x4.mul(f32x4.sub(dz, f32x4.mul(along, z)), inverse);
  }
  v128.store(xyz, dx);
  v128.store(xyz, dy, 32);
  v128.store(xyz, dz, 64);
}
