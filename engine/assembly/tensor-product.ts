/**
 * The sparse tensor product z[n, u, k] = sum over p of value[p] x[n, u, i[p]] y[n, j[p]] and the gradient of y; that of x is the same product
 * with i and k exchanged. y has no channels: for each n, what multiplies x[i] on its way to z[k] is one number, a link, for all channels u,
 * of which eight go at a time.
 *
 * `table` lists what is not zero, as 32-bit numbers; engine/src/kernel/tensor-product/table.ts makes it. It begins with the number of groups and of links.
 *   for each group, in order: target k, number of links
 *   for each link, in order of the groups: source i, number of entries
 *   for each entry, in order of the links: index j in y, value (a float)
 */
import { fromLanes, lane, lanes, sumOfLanes, toLanes } from './lanes';
import { madd } from './vector';

/** Bytes of scratch for each function. */
export function tensorProductScratch(sources: usize, targets: usize, links: usize): usize {
  return (sources + targets + links) * lane;
}

@inline
function linksOf(table: usize): usize {
  return table + 8 + (load<usize>(table) << 3);
}

/** The number of each link: sum of value[p] y[j[p]] over its entries. */
function weigh(table: usize, y: usize, numbers: usize): void {
  let link = linksOf(table);
  let entry = link + (load<usize>(table, 4) << 3);
  const end = entry;
  for (; link < end; link += 8, numbers += 4) {
    let sum: f32 = 0;
    for (let k = load<usize>(link, 4); k > 0; k--, entry += 8) sum += load<f32>(entry, 4) * load<f32>(y + (load<usize>(entry) << 2));
    store<f32>(numbers, sum);
  }
}

/** out [n, channels, targets] of x [n, channels, sources] and y [n, size]. */
export function tensorProduct(
  x: usize, y: usize, table: usize, out: usize, n: usize, channels: usize, sources: usize, size: usize, targets: usize, scratch: usize,
): void {
  const xs = scratch, zs = xs + sources * lane, numbers = zs + targets * lane;
  const groups = linksOf(table);
  for (let i: usize = 0; i < n; i++, y += size << 2) {
    weigh(table, y, numbers);
    for (let u: usize = 0; u < channels; u += lanes) {
      const rows = min(lanes, channels - u);
      toLanes(x, rows, sources, xs);
      memory.fill(zs, 0, targets * lane);
      let link = groups, number = numbers;
      for (let group = table + 8; group < groups; group += 8) {
        let a = f32x4.splat(0), b = a;
        const end = link + (load<usize>(group, 4) << 3);
        for (; link < end; link += 8, number += 4) {
          const from = xs + load<usize>(link) * lane, c = v128.load32_splat(number);
          a = madd(v128.load(from), c, a);
          b = madd(v128.load(from, 16), c, b);
        }
        const to = zs + load<usize>(group) * lane;
        v128.store(to, a);
        v128.store(to, b, 16);
      }
      fromLanes(zs, rows, targets, out);
      x += (rows * sources) << 2;
      out += (rows * targets) << 2;
    }
  }
}

/** out [n, size], the gradient of y: of each entry, value[p] times the sum over channels of x[i] dz[k]. */
export function tensorProductRightGradient(
  x: usize, dz: usize, table: usize, out: usize, n: usize, channels: usize, sources: usize, size: usize, targets: usize, scratch: usize,
): void {
  const links = load<usize>(table, 4), groups = linksOf(table);
  const sums = scratch, xs = sums + links * lane, zs = xs + sources * lane;
  memory.fill(out, 0, (n * size) << 2);
  for (let i: usize = 0; i < n; i++, out += size << 2) {
    memory.fill(sums, 0, links * lane);
    for (let u: usize = 0; u < channels; u += lanes) {
      const rows = min(lanes, channels - u);
      toLanes(x, rows, sources, xs);
      toLanes(dz, rows, targets, zs);
      let link = groups, sum = sums;
      for (let group = table + 8; group < groups; group += 8) {
        const at = zs + load<usize>(group) * lane;
        const a = v128.load(at), b = v128.load(at, 16);
        const end = link + (load<usize>(group, 4) << 3);
        for (; link < end; link += 8, sum += lane) {
          const from = xs + load<usize>(link) * lane;
          const c = madd(v128.load(from), a, v128.load(sum)), d = madd(v128.load(from, 16), b, v128.load(sum, 16));
          v128.store(sum, c);
          v128.store(sum, d, 16);
        }
      }
      x += (rows * sources) << 2;
      dz += (rows * targets) << 2;
    }
    let link = groups, sum = sums;
    let entry = link + (links << 3);
    const end = entry;
    for (; link < end; link += 8, sum += lane) {
      const total = sumOfLanes(sum);
      for (let k = load<usize>(link, 4); k > 0; k--, entry += 8) {
        const to = out + (load<usize>(entry) << 2);
        store<f32>(to, load<f32>(to) + load<f32>(entry, 4) * total);
      }
    }
  }
}
