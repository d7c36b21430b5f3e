/** Exchanging axes: 4 by 4 entries at a time. Entries are any 32 bits. */

/**
 * out[i, j, k, p, q] = x at i * x0 + j * x1 + k * x2 + p + q * xq; out has the strides o0, o1, o2, op and 1. Axes p and q are
 * those that run fastest in x and in out.
 */
export function transpose(
  x: usize, out: usize, d0: usize, d1: usize, d2: usize, p: usize, q: usize,
  x0: usize, x1: usize, x2: usize, xq: usize, o0: usize, o1: usize, o2: usize, op: usize,
): void {
  for (let i: usize = 0; i < d0; i++) {
    for (let j: usize = 0; j < d1; j++) {
      let from = x + ((i * x0 + j * x1) << 2), to = out + ((i * o0 + j * o1) << 2);
      for (let k: usize = 0; k < d2; k++, from += x2 << 2, to += o2 << 2) plane(from, to, p, q, xq << 2, op << 2);
    }
  }
}

/** out[i, j] = x[j, i], p x q: rows of x are `row` bytes apart, those of out `outRow`. */
export function plane(x: usize, out: usize, p: usize, q: usize, row: usize, outRow: usize): void {
  let j: usize = 0;
  for (; j + 4 <= q; j += 4) {
    const r0 = x + j * row, r1 = r0 + row, r2 = r1 + row, r3 = r2 + row;
    const to = out + (j << 2);
    let i: usize = 0;
    for (; i + 4 <= p; i += 4) {
      const at = i << 2;
      const a = v128.load(r0 + at), b = v128.load(r1 + at), c = v128.load(r2 + at), d = v128.load(r3 + at);
      const low = i32x4.shuffle(a, b, 0, 4, 1, 5), high = i32x4.shuffle(a, b, 2, 6, 3, 7);
      const low2 = i32x4.shuffle(c, d, 0, 4, 1, 5), high2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
      const t = to + i * outRow;
      v128.store(t, i64x2.shuffle(low, low2, 0, 2));
      v128.store(t + outRow, i64x2.shuffle(low, low2, 1, 3));
      v128.store(t + 2 * outRow, i64x2.shuffle(high, high2, 0, 2));
      v128.store(t + 3 * outRow, i64x2.shuffle(high, high2, 1, 3));
    }
    for (; i < p; i++) {
      const at = i << 2, t = to + i * outRow;
      store<u32>(t, load<u32>(r0 + at));
      store<u32>(t, load<u32>(r1 + at), 4);
      store<u32>(t, load<u32>(r2 + at), 8);
      store<u32>(t, load<u32>(r3 + at), 12);
    }
  }
  for (; j < q; j++) {
    for (let i: usize = 0; i < p; i++) store<u32>(out + i * outRow + (j << 2), load<u32>(x + j * row + (i << 2)));
  }
}

/**
 * The same where the fastest axis stays the fastest: runs of `size` entries are copied.
 * out[i, j, k, l, :] = x at i * x0 + j * x1 + k * x2 + l * x3.
 */
export function copyRuns(
  x: usize, out: usize, d0: usize, d1: usize, d2: usize, d3: usize, size: usize, x0: usize, x1: usize, x2: usize, x3: usize,
): void {
  const vectors = (size & ~3) << 2, bytes = size << 2;
  for (let i: usize = 0; i < d0; i++) {
    for (let j: usize = 0; j < d1; j++) {
      for (let k: usize = 0; k < d2; k++) {
        let from = x + ((i * x0 + j * x1 + k * x2) << 2);
        for (let l: usize = 0; l < d3; l++) {
          let at: usize = 0;
          for (; at < vectors; at += 16) v128.store(out + at, v128.load(from + at));
          for (; at < bytes; at += 4) store<u32>(out + at, load<u32>(from + at));
          from += x3 << 2;
          out += bytes;
        }
      }
    }
  }
}

/** Runs of `size` entries, one after the other in x, to places that lie `step` entries apart. */
export function spreadRuns(x: usize, out: usize, count: usize, size: usize, step: usize): void {
  const vectors = (size & ~3) << 2, bytes = size << 2;
  for (let i: usize = 0; i < count; i++) {
    let at: usize = 0;
    for (; at < vectors; at += 16) v128.store(out + at, v128.load(x + at));
    for (; at < bytes; at += 4) store<u32>(out + at, load<u32>(x + at));
    x += bytes;
    out += step << 2;
  }
}
