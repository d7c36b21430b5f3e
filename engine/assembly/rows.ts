/** Rows by index: gathering, summing by segment, and both at once for message passing. Rows are whole numbers of floats. */
import { addRow, addRows } from './reduce';
import { loadPart, madd, storePart, sumOf } from './vector';

/**
 * out[i, :] = x[indices[i], :]. An index outside 0..size-1 gives zeros when `zeroOutside`, else the place of the first such index is returned and nothing more is written; -1 where all are inside.
 */
export function gatherRows(
  x: usize, indices: usize, out: usize, count: usize, size: usize, width: usize, zeroOutside: bool,
): i32 {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++, out += bytes) {
    const index = load<i32>(indices + (i << 2));
    if (<usize>index >= size) {
      if (!zeroOutside) return <i32>i;
      memory.fill(out, 0, bytes);
      continue;
    }
    copy(x + <usize>index * bytes, out, bytes);
  }
  return -1;
}

@inline
function copy(from: usize, to: usize, bytes: usize): void {
  const pairs = to + (bytes & ~31), end = to + (bytes & ~15);
  for (; to < pairs; from += 32, to += 32) {
    const u = v128.load(from), v = v128.load(from, 16);
    v128.store(to, u);
    v128.store(to, v, 16);
  }
  if (to < end) {
    v128.store(to, v128.load(from));
    from += 16; to += 16;
  }
  for (let rest = bytes & 15; rest > 0; rest -= 4, from += 4, to += 4) store<u32>(to, load<u32>(from));
}

/**
 * out[s, :] = sum of x[i, :] over segments[i] = s; negative segments count nowhere. Neighbours of one segment are added up before they are added
 * to it. Returns the place of the first segment that is not below `count`, or -1.
 */
export function segmentSum(x: usize, segments: usize, out: usize, rows: usize, count: usize, width: usize): i32 {
  const bytes = width << 2;
  memory.fill(out, 0, count * bytes);
  for (let i: usize = 0, run: usize = 0; i < rows; i += run, x += run * bytes) {
    const segment = load<i32>(segments + (i << 2));
    run = runOf(segments, i, rows);
    if (segment < 0) continue;
    if (<usize>segment >= count) return <i32>i;
    if (run == 1) addRow(x, out + <usize>segment * bytes, width);
    else addRows(x, out + <usize>segment * bytes, run, width);
  }
  return -1;
}

/** The number of rows from row i on that are of its segment. */
@inline
export function runOf(segments: usize, i: usize, rows: usize): usize {
  const segment = load<i32>(segments + (i << 2));
  let next = i + 1;
  while (next < rows && load<i32>(segments + (next << 2)) == segment) next++;
  return next - i;
}

/**
 * out[r, :] = sum over edges e with receivers[e] = r of x[senders[e], :] w[e, :], w [E, width], or [E, 1] when `single`.
 * A negative receiver counts nowhere, nor does a negative sender when `lenient`. Returns the first edge with another index out of range, or -1.
 */
export function messageSum(
  x: usize, weights: usize, senders: usize, receivers: usize, out: usize, edges: usize, size: usize, count: usize,
  width: usize, single: bool, lenient: bool,
): i32 {
  const bytes = width << 2;
  const pairs = bytes & ~31;
  const vectors = bytes & ~15;
  const rest = width & 3;
  memory.fill(out, 0, count * bytes);
  for (let e: usize = 0; e < edges; e++) {
    const sender = load<i32>(senders + (e << 2)), receiver = load<i32>(receivers + (e << 2));
    if (lenient && sender < 0) continue;
    if (<usize>sender >= size || (receiver >= 0 && <usize>receiver >= count)) return <i32>e;
    if (receiver < 0) continue;
    const from = x + <usize>sender * bytes, to = out + <usize>receiver * bytes;
    if (single) {
      const w = v128.load32_splat(weights + (e << 2));
      let k: usize = 0;
      for (; k < pairs; k += 32) {
        const u = madd(v128.load(from + k), w, v128.load(to + k)), v = madd(v128.load(from + k, 16), w, v128.load(to + k, 16));
        v128.store(to + k, u);
        v128.store(to + k, v, 16);
      }
      if (k < vectors) v128.store(to + k, madd(v128.load(from + k), w, v128.load(to + k)));
      if (rest) storePart(to + vectors, madd(loadPart(from + vectors, rest), w, loadPart(to + vectors, rest)), rest);
    } else {
      const w = weights + e * bytes;
      let k: usize = 0;
      for (; k < pairs; k += 32) {
        const u = madd(v128.load(from + k), v128.load(w + k), v128.load(to + k));
        const v = madd(v128.load(from + k, 16), v128.load(w + k, 16), v128.load(to + k, 16));
        v128.store(to + k, u);
        v128.store(to + k, v, 16);
      }
      if (k < vectors) v128.store(to + k, madd(v128.load(from + k), v128.load(w + k), v128.load(to + k)));
      if (rest) {
        const product = madd(loadPart(from + vectors, rest), loadPart(w + vectors, rest), loadPart(to + vectors, rest));
        storePart(to + vectors, product, rest);
      }
    }
  }
  return -1;
}

/** The gradient of messageSum for w: dw[e, :] = x[senders[e], :] dy[receivers[e], :], summed over the row when `single`. */
export function messageWeightGradient(
  x: usize, dy: usize, senders: usize, receivers: usize, out: usize, edges: usize, width: usize, single: bool,
): void {
  const bytes = width << 2;
  const pairs = bytes & ~31;
  const vectors = bytes & ~15;
  const rest = width & 3;
  const outBytes = single ? 4 : bytes;
  for (let e: usize = 0; e < edges; e++, out += outBytes) {
    const receiver = load<i32>(receivers + (e << 2));
    if (receiver < 0) {
      memory.fill(out, 0, outBytes);
      continue;
    }
    const a = x + <usize>load<i32>(senders + (e << 2)) * bytes, b = dy + <usize>receiver * bytes;
    if (single) {
      let sum = f32x4.splat(0);
      for (let k: usize = 0; k < vectors; k += 16) sum = madd(v128.load(a + k), v128.load(b + k), sum);
      if (rest) sum = madd(loadPart(a + vectors, rest), loadPart(b + vectors, rest), sum);
      store<f32>(out, sumOf(sum));
    } else {
      let k: usize = 0;
      for (; k < pairs; k += 32) {
        const u = f32x4.mul(v128.load(a + k), v128.load(b + k)), v = f32x4.mul(v128.load(a + k, 16), v128.load(b + k, 16));
        v128.store(out + k, u);
        v128.store(out + k, v, 16);
      }
      if (k < vectors) v128.store(out + k, f32x4.mul(v128.load(a + k), v128.load(b + k)));
      if (rest) storePart(out + vectors, f32x4.mul(loadPart(a + vectors, rest), loadPart(b + vectors, rest)), rest);
    }
  }
}
