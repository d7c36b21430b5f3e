/**
 * Attention in memory that is linear in the sequence: keys are taken in tiles, and each query carries the largest logit
 * and the sum of exponentials so far (Milakov and Gimelshein 2018; Dao et al. 2022).
 */
import { block } from './matmul';
import { pack, packTransposed, padded } from './panels';
import { addRow, scale } from './reduce';
import { expRow, maxRow } from './softmax';
import { expOne, loadPart, log, madd, storePart, sumOf } from './vector';

const tileKeys: usize = 256;
const tileQueries: usize = 64;
/** Stands for the logit of no key at all: below all others, and its difference to itself is 0. */
const lowest: f32 = -3.4e38;

/** Bytes of scratch for `attention`. */
export function attentionScratch(keys: usize, d: usize, e: usize): usize {
  const tile = min(keys, tileKeys);
  return (d * padded(tile) + tile * padded(e) + tileQueries * (tile + 1)) << 2;
}

/**
 * For each of `batch`: out = softmax(factor q k^T + mask) v, and logSum, the logarithm of each query's sum of exponentials.
 * q [n, d], k [m, d], v [m, e]; `heads` consecutive ones share rows, in which they stand side by side: those of q lie rowQ floats apart, and
 * so on (d, d, e and e where there is one head). The mask at address 0 is absent; that of `share` consecutive ones is the same, its rows lie maskStep floats apart
 * (0: one for all queries), and each has maskSize floats.
 */
export function attention(
  q: usize, k: usize, v: usize, mask: usize, out: usize, logSum: usize, batch: usize, n: usize, m: usize, d: usize,
  e: usize, factor: f32, share: usize, maskStep: usize, maskSize: usize, heads: usize, rowQ: usize, rowK: usize, rowV: usize,
  rowOut: usize, scratch: usize,
): void {
  const tile = min(m, tileKeys);
  const values = scratch + ((d * padded(tile)) << 2);
  const logits = values + ((tile * padded(e)) << 2);
  const totals = logits + ((tileQueries * tile) << 2);
  for (let b: usize = 0; b < batch; b++) {
    const own = mask ? mask + ((b / share * maskSize) << 2) : 0;
    const queries = q + at(b, heads, n, rowQ, d), results = out + at(b, heads, n, rowOut, e);
    const keysAt = k + at(b, heads, m, rowK, d), valuesAt = v + at(b, heads, m, rowV, e);
    for (let k0: usize = 0; k0 < m; k0 += tile) {
      const keys = min(tile, m - k0);
      packTransposed(keysAt + ((k0 * rowK) << 2), scratch, d, keys, rowK);
      pack(valuesAt + ((k0 * rowV) << 2), values, keys, e, rowV);
      for (let i0: usize = 0; i0 < n; i0 += tileQueries) {
        const rows = min(tileQueries, n - i0);
        const to = results + ((i0 * rowOut) << 2);
        block(queries + ((i0 * rowQ) << 2), rowQ, 1, scratch, logits, keys, rows, d, keys, 0, 0);
        for (let i: usize = 0; i < rows; i++) {
          const row = logits + ((i * keys) << 2), state = logSum + ((i0 + i) << 2), result = to + ((i * rowOut) << 2);
          const f = finish(row, keys, factor, own ? own + (((i0 + i) * maskStep + k0) << 2) : 0);
          // Of each query, top + log(sum) is kept; its result stays normalised from tile to tile.
          const before = k0 > 0 ? load<f32>(state) : lowest;
          const top = max<f32>(before, f * maxRow(row, keys, -Infinity));
          const sum = expRow(row, row, keys, f, top);
          const kept: f32 = k0 > 0 ? expOne(before - top) : 0;
          const total = kept + sum;
          if (k0 > 0) scale(result, e, kept);
          store<f32>(totals + (i << 2), 1 / total);
          store<f32>(state, top + log(total));
        }
        block(logits, keys, 1, values, to, rowOut, rows, keys, e, k0 > 0 ? to : 0, rowOut);
        for (let i: usize = 0; i < rows; i++) scale(to + ((i * rowOut) << 2), e, load<f32>(totals + (i << 2)));
      }
    }
    logSum += n << 2;
  }
}

/** Where the head of number b begins, in bytes: samples have `rows` rows, `row` floats apart, and a head has `width` floats of each. */
@inline
function at(b: usize, heads: usize, rows: usize, row: usize, width: usize): usize {
  return (b / heads * rows * row + b % heads * width) << 2;
}

/**
 * Makes a row of products the row of logits but for a positive factor, which is returned: it is cheaper where the exponential is taken.
 */
@inline
function finish(row: usize, keys: usize, factor: f32, mask: usize): f32 {
  if (!mask && factor > 0) return factor;
  scale(row, keys, factor);
  if (mask) addRow(mask, row, keys);
  return 1;
}

/** Bytes of scratch for `attentionGradient`. */
export function attentionGradientScratch(keys: usize, d: usize, e: usize): usize {
  const tile = min(keys, tileKeys);
  const panels = (d + e) * padded(tile) + tile * padded(d) + tileQueries * (padded(d) + padded(e));
  return (panels + 2 * tileQueries * tile) << 2;
}

/**
 * The gradients of q, k and v. With P = exp(logits - logSum): dv = P^T dy; dS = P (dy v^T - sum over the row of dy y) factor; dq = dS k;
 * dk = dS^T q. Arguments as in `attention`.
 */
export function attentionGradient(
  q: usize, k: usize, v: usize, mask: usize, y: usize, logSum: usize, dy: usize, dq: usize, dk: usize, dv: usize,
  batch: usize, n: usize, m: usize, d: usize, e: usize, factor: f32, share: usize, maskStep: usize, maskSize: usize,
  heads: usize, rowQ: usize, rowK: usize, rowV: usize, rowOut: usize, scratch: usize,
): void {
  const tile = min(m, tileKeys);
  const valuePanels = scratch + ((d * padded(tile)) << 2);
  const keyPanels = valuePanels + ((e * padded(tile)) << 2);
  const queryPanels = keyPanels + ((tile * padded(d)) << 2);
  const dyPanels = queryPanels + ((tileQueries * padded(d)) << 2);
  const p = dyPanels + ((tileQueries * padded(e)) << 2);
  const s = p + ((tileQueries * tile) << 2);
  for (let b: usize = 0; b < batch; b++) {
    const own = mask ? mask + ((b / share * maskSize) << 2) : 0;
    const queries = at(b, heads, n, rowQ, d), results = at(b, heads, n, rowOut, e);
    const keysAt = at(b, heads, m, rowK, d), valuesAt = at(b, heads, m, rowV, e);
    for (let k0: usize = 0; k0 < m; k0 += tile) {
      const keys = min(tile, m - k0);
      const keyBytes = keysAt + ((k0 * rowK) << 2), valueBytes = valuesAt + ((k0 * rowV) << 2);
      const dkAt = dk + keyBytes, dvAt = dv + valueBytes;
      packTransposed(k + keyBytes, scratch, d, keys, rowK);
      packTransposed(v + valueBytes, valuePanels, e, keys, rowV);
      pack(k + keyBytes, keyPanels, keys, d, rowK);
      for (let i0: usize = 0; i0 < n; i0 += tileQueries) {
        const rows = min(tileQueries, n - i0);
        const queryBytes = queries + ((i0 * rowQ) << 2), resultBytes = results + ((i0 * rowOut) << 2);
        const queryAt = q + queryBytes, dqAt = dq + queryBytes, dyAt = dy + resultBytes, yAt = y + resultBytes;
        block(queryAt, rowQ, 1, scratch, p, keys, rows, d, keys, 0, 0);
        block(dyAt, rowOut, 1, valuePanels, s, keys, rows, e, keys, 0, 0);
        for (let i: usize = 0; i < rows; i++) {
          const row = p + ((i * keys) << 2);
          const f = finish(row, keys, factor, own ? own + (((i0 + i) * maskStep + k0) << 2) : 0);
          expRow(row, row, keys, f, load<f32>(logSum + ((i0 + i) << 2)));
          slopes(row, s + ((i * keys) << 2), keys, dot(dyAt + ((i * rowOut) << 2), yAt + ((i * rowOut) << 2), e), factor);
        }
        block(s, keys, 1, keyPanels, dqAt, rowQ, rows, keys, d, k0 > 0 ? dqAt : 0, rowQ);
        pack(queryAt, queryPanels, rows, d, rowQ);
        // Transposed: rows of the left side are neighbours, columns lie `keys` apart.
        block(s, 1, keys, queryPanels, dkAt, rowK, keys, rows, d, i0 > 0 ? dkAt : 0, rowK);
        pack(dyAt, dyPanels, rows, e, rowOut);
        block(p, 1, keys, dyPanels, dvAt, rowV, keys, rows, e, i0 > 0 ? dvAt : 0, rowV);
      }
    }
    logSum += n << 2;
  }
}

/** s <- p (s - mean) factor. */
@inline
function slopes(p: usize, s: usize, size: usize, mean: f32, factor: f32): void {
  const a = f32x4.splat(mean), f = f32x4.splat(factor);
  const vectors = (size & ~3) << 2, rest = size & 3;
  const pairs = vectors & ~31;
  let at: usize = 0;
  for (; at < pairs; at += 32) {
    const u = f32x4.mul(f32x4.mul(v128.load(p + at), f32x4.sub(v128.load(s + at), a)), f);
    const v = f32x4.mul(f32x4.mul(v128.load(p + at, 16), f32x4.sub(v128.load(s + at, 16), a)), f);
    v128.store(s + at, u);
    v128.store(s + at, v, 16);
  }
  if (at < vectors) v128.store(s + at, f32x4.mul(f32x4.mul(v128.load(p + at), f32x4.sub(v128.load(s + at), a)), f));
  if (rest) {
    const x = f32x4.mul(f32x4.mul(loadPart(p + vectors, rest), f32x4.sub(loadPart(s + vectors, rest), a)), f);
    storePart(s + vectors, x, rest);
  }
}

function dot(a: usize, b: usize, size: usize): f32 {
  let sum = f32x4.splat(0);
  const end = a + ((size & ~3) << 2);
  for (; a < end; a += 16, b += 16) sum = madd(v128.load(a), v128.load(b), sum);
  const rest = size & 3;
  if (rest) sum = madd(loadPart(a, rest), loadPart(b, rest), sum);
  return sumOf(sum);
}
