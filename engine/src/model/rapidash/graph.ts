/**
 * Which points send to which: edge lists, built on the host in float64 so that both precisions run the same graph.
 * Point indices run over all clouds of a batch, one cloud after the other.
 */
import type { PointGraph } from './config.ts';

/** Edge e goes from senders[e] to receivers[e]. */
export interface Links {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
}

/** Positions on the host: row i is point i. */
export interface Points {
  readonly dim: number;
  readonly data: Float64Array;
}

/**
 * Edges inside each cloud, the point itself included, sorted by the point that searches: the receiver for radius, else the
 * sender.
 * - full: all pairs.
 * - knn: from each point to the k points nearest to it, as in the official code: a point receives from those that list
 *   it. Equal distances are taken in the order of the points, so the graph of a lattice depends on that order.
 * - radius: all pairs at a distance of at most the radius.
 * @param sizes number of points of each cloud
 */
export function pointLinks(graph: PointGraph, points: Points, sizes: readonly number[]): Links {
  const searching: number[] = [];
  const found: number[] = [];
  let first = 0;
  for (const size of sizes) {
    for (let i = first; i < first + size; i++) {
      for (const j of partners(graph, points, i, first, size)) {
        searching.push(i);
        found.push(j);
      }
    }
    first += size;
  }
  const own = Int32Array.from(searching);
  const other = Int32Array.from(found);
  return graph.kind === 'radius' ? { senders: other, receivers: own } : { senders: own, receivers: other };
}

function partners(graph: PointGraph, points: Points, i: number, first: number, size: number): number[] {
  const all = Array.from({ length: size }, (_, n) => first + n);
  if (graph.kind === 'full') return all;
  if (graph.kind === 'radius') {
    const limit = graph.radius ** 2;
    return all.filter((j) => squaredDistance(points, i, j) <= limit);
  }
  const distances = all.map((j) => squaredDistance(points, i, j));
  return all
    .toSorted((a, b) => distances[a - first]! - distances[b - first]! || a - b)
    .slice(0, graph.neighbours);
}

/** |x_i - x_j|^2, in the unit of the positions squared. */
export function squaredDistance({ dim, data }: Points, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < dim; k++) sum += (data[i * dim + k]! - data[j * dim + k]!) ** 2;
  return sum;
}

/** The same edges, the other way round. */
export function flipped({ senders, receivers }: Links): Links {
  return { senders: receivers, receivers: senders };
}
