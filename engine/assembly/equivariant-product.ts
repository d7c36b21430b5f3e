/**
 * The linear maps of a matrix that commute with relabelling, applied to rows: the matrix that they make is never stored, but made
 * block by block from those at the knots of a path and multiplied at once.
 */
import { block, matmul, matmulScratch } from './matmul';
import { pack, padded } from './panels';
import { addRows } from './reduce';
import { loadPart, madd, storePart, sumOf } from './vector';

/** Columns of the matrix that are made at a time, as many as a product takes; and rows, which stay in the second cache. */
const depth: usize = 256, blockRows: usize = 64;

/** Bytes of scratch for `n` rows of `d` columns with `count` statistics, for both functions. */
export function equivariantScratch(n: usize, d: usize, count: usize): usize {
  const columns = min(n, depth);
  const product = (columns * padded(d) + blockRows * columns) << 2;
  const gradient = matmulScratch(columns, d) + ((2 * blockRows * columns) << 2) + 9 * count * 8;
  return max(product, gradient) + ((3 * n + 2 * d + 9 * count) << 2);
}

/**
 * out = (E + diag(v) + u 1^T + 1 w^T) m, or the transpose of that matrix times m when `turned`; m and out [batch, n, d]. There are up to three
 * knots, each with a matrix a [batch, n, n], statistics s [batch, n, count] and two weights, [knots, batch, 2]; absent ones are at address 0.
 * E is the sum of the matrices by the first two `entries` times the weights, plus the transpose of the same with the last two; v, u and w
 * are the columns of the statistics times `vectors` [2 count + 1, 3], whose halves go with the two weights; the last row is constant.
 */
export function equivariantProduct(
  m: usize, entries: usize, vectors: usize, weights: usize, s0: usize, s1: usize, s2: usize, a0: usize, a1: usize, a2: usize,
  out: usize, batch: usize, n: usize, d: usize, count: usize, turned: bool, scratch: usize,
): void {
  const columns = min(n, depth), width = d << 2;
  const e = scratch + ((columns * padded(d)) << 2);
  const rows = e + ((blockRows * columns) << 2);
  const sums = rows + ((3 * n) << 2), mixed = sums + (width << 1);
  const straightAt = turned ? entries + 8 : entries, transposedAt = turned ? entries : entries + 8;
  const first = load<f32>(straightAt), second = load<f32>(straightAt, 4);
  const third = load<f32>(transposedAt), fourth = load<f32>(transposedAt, 4);
  const step = batch << 3;
  for (let b: usize = 0; b < batch; b++) {
    const w0 = weights + (b << 3), w1 = w0 + step, w2 = w1 + step;
    const p0 = mix(w0, first, second), p1 = a1 ? mix(w1, first, second) : 0, p2 = a2 ? mix(w2, first, second) : 0;
    const q0 = mix(w0, third, fourth), q1 = a1 ? mix(w1, third, fourth) : 0, q2 = a2 ? mix(w2, third, fourth) : 0;
    spread(vectors, w0, mixed, count);
    if (s1) spread(vectors, w1, mixed + 12 * count, count);
    if (s2) spread(vectors, w2, mixed + 24 * count, count);
    nodeVectors(rows, mixed, vectors + 24 * count, s0, s1, s2, n, count, turned);
    rankOne(m, rows, sums, out, n, d);
    const straight = p0 != 0 || p1 != 0 || p2 != 0, transposed = q0 != 0 || q1 != 0 || q2 != 0;
    if (straight || transposed) {
      for (let j: usize = 0; j < n; j += depth) {
        const kc = min(depth, n - j);
        pack(m + j * width, scratch, kc, d, d);
        for (let i: usize = 0; i < n; i += blockRows) {
          const height = min(blockRows, n - i);
          if (straight) fill(e, a0, a1, a2, p0, p1, p2, i, j, height, kc, n);
          else memory.fill(e, 0, (height * kc) << 2);
          if (transposed) addTransposed(e, a0, a1, a2, q0, q1, q2, i, j, height, kc, n);
          const to = out + i * width;
          block(e, kc, 1, scratch, to, d, height, kc, d, to, d);
        }
      }
    }
    m += n * width; out += n * width;
    const size = (n * n) << 2, numbers = (n * count) << 2;
    a0 += size; s0 += numbers;
    if (a1) { a1 += size; s1 += numbers; }
    if (a2) { a2 += size; s2 += numbers; }
  }
}

/** The factor of a knot's matrix. */
@inline
function mix(weights: usize, value: f32, derivative: f32): f32 {
  return value * load<f32>(weights) + derivative * load<f32>(weights, 4);
}

/** [count, 3]: what a knot's statistics are multiplied by. */
function spread(vectors: usize, weights: usize, to: usize, count: usize): void {
  const value = load<f32>(weights), derivative = load<f32>(weights, 4);
  const half: usize = 12 * count;
  for (let at: usize = 0; at < half; at += 4) {
    store<f32>(to + at, value * load<f32>(vectors + at) + derivative * load<f32>(vectors + half + at));
  }
}

/** v, u and w of each node, [n, 3]; u and w change places when `turned`. */
function nodeVectors(
  to: usize, mixed: usize, constant: usize, s0: usize, s1: usize, s2: usize, n: usize, count: usize, turned: bool,
): void {
  const bytes = count << 2, half: usize = 12 * count;
  for (let i: usize = 0; i < n; i++, to += 12) {
    let v = load<f32>(constant), u = load<f32>(constant, 4), w = load<f32>(constant, 8);
    for (let k: usize = 0; k < 3; k++) {
      const s = k == 0 ? s0 : k == 1 ? s1 : s2;
      if (!s) break;
      let from = s + i * bytes, by = mixed + k * half;
      for (let q: usize = 0; q < count; q++, from += 4, by += 12) {
        const x = load<f32>(from);
        v += x * load<f32>(by);
        u += x * load<f32>(by, 4);
        w += x * load<f32>(by, 8);
      }
    }
    store<f32>(to, v);
    store<f32>(to, turned ? w : u, 4);
    store<f32>(to, turned ? u : w, 8);
  }
}

/** out = v * m + u (1^T m) + 1 (w^T m), with [n, 3] v, u, w. */
function rankOne(m: usize, vectors: usize, sums: usize, out: usize, n: usize, d: usize): void {
  const width = d << 2, whole = (d & ~3) << 2, rest = d & 3;
  memory.fill(sums, 0, width << 1);
  addRows(m, sums, n, d);
  const weighted = sums + width;
  for (let j: usize = 0, from = m; j < n; j++, from += width) {
    const w = v128.load32_splat(vectors + 12 * j, 8);
    let k: usize = 0;
    for (; k < whole; k += 16) v128.store(weighted + k, madd(v128.load(from + k), w, v128.load(weighted + k)));
    if (rest) storePart(weighted + k, madd(loadPart(from + k, rest), w, loadPart(weighted + k, rest)), rest);
  }
  for (let i: usize = 0; i < n; i++, m += width, out += width, vectors += 12) {
    const v = v128.load32_splat(vectors), u = v128.load32_splat(vectors, 4);
    let k: usize = 0;
    for (; k < whole; k += 16) {
      v128.store(out + k, madd(v128.load(m + k), v, madd(v128.load(sums + k), u, v128.load(weighted + k))));
    }
    if (rest) {
      storePart(out + k, madd(loadPart(m + k, rest), v, madd(loadPart(sums + k, rest), u, loadPart(weighted + k, rest))), rest);
    }
  }
}

/** e[r, c] = sum of p a[i + r, j + c], `height` rows of kc. */
function fill(
  e: usize, a0: usize, a1: usize, a2: usize, p0: f32, p1: f32, p2: f32, i: usize, j: usize, height: usize, kc: usize, n: usize,
): void {
  const x0 = f32x4.splat(p0), x1 = f32x4.splat(p1), x2 = f32x4.splat(p2);
  const vectors = (kc & ~3) << 2, bytes = kc << 2;
  for (let r: usize = 0; r < height; r++, e += bytes) {
    const at = ((i + r) * n + j) << 2;
    const f0 = a0 + at, f1 = a1 + at, f2 = a2 + at;
    let c: usize = 0;
    if (a2) {
      for (; c < vectors; c += 16) {
        v128.store(e + c, madd(v128.load(f2 + c), x2, madd(v128.load(f1 + c), x1, f32x4.mul(v128.load(f0 + c), x0))));
      }
      for (; c < bytes; c += 4) store<f32>(e + c, p0 * load<f32>(f0 + c) + p1 * load<f32>(f1 + c) + p2 * load<f32>(f2 + c));
    } else if (a1) {
      for (; c < vectors; c += 16) v128.store(e + c, madd(v128.load(f1 + c), x1, f32x4.mul(v128.load(f0 + c), x0)));
      for (; c < bytes; c += 4) store<f32>(e + c, p0 * load<f32>(f0 + c) + p1 * load<f32>(f1 + c));
    } else {
      for (; c < vectors; c += 16) v128.store(e + c, f32x4.mul(v128.load(f0 + c), x0));
      for (; c < bytes; c += 4) store<f32>(e + c, p0 * load<f32>(f0 + c));
    }
  }
}

/** e[r, c] += sum of q a[j + c, i + r], 4 by 4 entries at a time. */
function addTransposed(
  e: usize, a0: usize, a1: usize, a2: usize, q0: f32, q1: f32, q2: f32, i: usize, j: usize, height: usize, kc: usize, n: usize,
): void {
  const row = n << 2, eRow = kc << 2;
  let c: usize = 0;
  for (; c + 4 <= kc; c += 4) {
    const from = ((j + c) * n + i) << 2;
    let r: usize = 0;
    for (; r + 4 <= height; r += 4) {
      const at = from + (r << 2);
      const x = sumAt(a0, a1, a2, q0, q1, q2, at), y = sumAt(a0, a1, a2, q0, q1, q2, at + row);
      const z = sumAt(a0, a1, a2, q0, q1, q2, at + 2 * row), t = sumAt(a0, a1, a2, q0, q1, q2, at + 3 * row);
      const low = i32x4.shuffle(x, y, 0, 4, 1, 5), high = i32x4.shuffle(x, y, 2, 6, 3, 7);
      const low2 = i32x4.shuffle(z, t, 0, 4, 1, 5), high2 = i32x4.shuffle(z, t, 2, 6, 3, 7);
      const to = e + r * eRow + (c << 2);
      v128.store(to, f32x4.add(v128.load(to), i64x2.shuffle(low, low2, 0, 2)));
      v128.store(to + eRow, f32x4.add(v128.load(to + eRow), i64x2.shuffle(low, low2, 1, 3)));
      v128.store(to + 2 * eRow, f32x4.add(v128.load(to + 2 * eRow), i64x2.shuffle(high, high2, 0, 2)));
      v128.store(to + 3 * eRow, f32x4.add(v128.load(to + 3 * eRow), i64x2.shuffle(high, high2, 1, 3)));
    }
    for (; r < height; r++) {
      for (let k: usize = 0; k < 4; k++) addOne(e + r * eRow + ((c + k) << 2), a0, a1, a2, q0, q1, q2, from + k * row + (r << 2));
    }
  }
  for (; c < kc; c++) {
    const from = ((j + c) * n + i) << 2;
    for (let r: usize = 0; r < height; r++) addOne(e + r * eRow + (c << 2), a0, a1, a2, q0, q1, q2, from + (r << 2));
  }
}

@inline
function sumAt(a0: usize, a1: usize, a2: usize, q0: f32, q1: f32, q2: f32, at: usize): v128 {
  let x = f32x4.mul(v128.load(a0 + at), f32x4.splat(q0));
  if (a1) x = madd(v128.load(a1 + at), f32x4.splat(q1), x);
  if (a2) x = madd(v128.load(a2 + at), f32x4.splat(q2), x);
  return x;
}

function addOne(to: usize, a0: usize, a1: usize, a2: usize, q0: f32, q1: f32, q2: f32, at: usize): void {
  let x = q0 * load<f32>(a0 + at);
  if (a1) x += q1 * load<f32>(a1 + at);
  if (a2) x += q2 * load<f32>(a2 + at);
  store<f32>(to, load<f32>(to) + x);
}

/**
 * The gradients of `entries` and `vectors`, for g that of the result: with P = g m^T those of the entries are sums of a * P and of a * P^T,
 * and P is made block by block; the statistics go with the products of rows g_i m_i, g_i (1^T m) and m_i (1^T g).
 */
export function equivariantProductGradient(
  m: usize, g: usize, weights: usize, s0: usize, s1: usize, s2: usize, a0: usize, a1: usize, a2: usize,
  dentries: usize, dvectors: usize, batch: usize, n: usize, d: usize, count: usize, scratch: usize,
): void {
  const columns = min(n, depth), width = d << 2;
  const p = scratch + matmulScratch(columns, d), q = p + ((blockRows * columns) << 2);
  const sums = q + ((blockRows * columns) << 2), shares = (sums + (width << 1) + 7) & ~7;
  const step = batch << 3, half: usize = 12 * count;
  memory.fill(dvectors, 0, 2 * half + 12);
  let e0: f64 = 0, e1: f64 = 0, e2: f64 = 0, e3: f64 = 0;
  for (let b: usize = 0; b < batch; b++) {
    memory.fill(sums, 0, width << 1);
    addRows(m, sums, n, d);
    addRows(g, sums + width, n, d);
    memory.fill(shares, 0, 9 * count * 8);
    let v: f64 = 0, u: f64 = 0, w: f64 = 0;
    for (let i: usize = 0; i < n; i++) {
      const mi = m + i * width, gi = g + i * width;
      const dv = <f64>dot(gi, mi, d), du = <f64>dot(gi, sums, d), dw = <f64>dot(mi, sums + width, d);
      v += dv; u += du; w += dw;
      for (let k: usize = 0; k < 3; k++) {
        const s = k == 0 ? s0 : k == 1 ? s1 : s2;
        if (!s) break;
        let from = s + ((i * count) << 2), to = shares + k * count * 24;
        for (let c: usize = 0; c < count; c++, from += 4, to += 24) {
          const x = <f64>load<f32>(from);
          store<f64>(to, load<f64>(to) + x * dv);
          store<f64>(to, load<f64>(to, 8) + x * du, 8);
          store<f64>(to, load<f64>(to, 16) + x * dw, 16);
        }
      }
    }
    add(dvectors + 2 * half, v);
    add(dvectors + 2 * half + 4, u);
    add(dvectors + 2 * half + 8, w);
    for (let k: usize = 0; k < 3; k++) {
      const a = k == 0 ? a0 : k == 1 ? a1 : a2;
      if (!a) break;
      const value = <f64>load<f32>(weights + k * step + (b << 3)), derivative = <f64>load<f32>(weights + k * step + (b << 3), 4);
      for (let c: usize = 0; c < 3 * count; c++) {
        const share = load<f64>(shares + (k * count * 3 + c) * 8);
        add(dvectors + (c << 2), value * share);
        add(dvectors + half + (c << 2), derivative * share);
      }
    }
    for (let j: usize = 0; j < n; j += depth) {
      const kc = min(depth, n - j);
      for (let i: usize = 0; i < n; i += blockRows) {
        const height = min(blockRows, n - i);
        matmul(g + i * width, m + j * width, 0, p, 1, height, d, kc, false, true, 0, 0, scratch);
        matmul(m + i * width, g + j * width, 0, q, 1, height, d, kc, false, true, 0, 0, scratch);
        for (let k: usize = 0; k < 3; k++) {
          const a = k == 0 ? a0 : k == 1 ? a1 : a2;
          if (!a) break;
          const value = <f64>load<f32>(weights + k * step + (b << 3)), derivative = <f64>load<f32>(weights + k * step + (b << 3), 4);
          let straight: f64 = 0, transposed: f64 = 0;
          for (let r: usize = 0; r < height; r++) {
            const row = a + (((i + r) * n + j) << 2);
            straight += <f64>dot(row, p + ((r * kc) << 2), kc);
            transposed += <f64>dot(row, q + ((r * kc) << 2), kc);
          }
          e0 += value * straight; e1 += derivative * straight;
          e2 += value * transposed; e3 += derivative * transposed;
        }
      }
    }
    m += n * width; g += n * width;
    const size = (n * n) << 2, numbers = (n * count) << 2;
    a0 += size; s0 += numbers;
    if (a1) { a1 += size; s1 += numbers; }
    if (a2) { a2 += size; s2 += numbers; }
  }
  store<f32>(dentries, <f32>e0);
  store<f32>(dentries, <f32>e1, 4);
  store<f32>(dentries, <f32>e2, 8);
  store<f32>(dentries, <f32>e3, 12);
}

@inline
function add(to: usize, x: f64): void {
  store<f32>(to, load<f32>(to) + <f32>x);
}

/** The sum of x[k] y[k]. */
@inline
function dot(x: usize, y: usize, size: usize): f32 {
  const pairs = x + ((size & ~7) << 2), end = x + ((size & ~3) << 2);
  let s0 = f32x4.splat(0), s1 = s0;
  for (; x < pairs; x += 32, y += 32) {
    s0 = madd(v128.load(x), v128.load(y), s0);
    s1 = madd(v128.load(x, 16), v128.load(y, 16), s1);
  }
  if (x < end) {
    s0 = madd(v128.load(x), v128.load(y), s0);
    x += 16; y += 16;
  }
  const rest = size & 3;
  if (rest) s1 = madd(loadPart(x, rest), loadPart(y, rest), s1);
  return sumOf(f32x4.add(s0, s1));
}
