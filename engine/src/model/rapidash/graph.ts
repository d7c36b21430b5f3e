/**
 * Which points send to which: edge lists, built on the host in float64 so that both precisions run the same graph.
 * Point indices run over all clouds of a batch, one cloud after the other.
 */
import { nearestNeighbours, radiusGraph } from '../../kernel/index.ts';
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
  const parts: Links[] = [];
  let first = 0;
  for (const size of sizes) {
    parts.push(shifted(linksOfCloud(graph, points, first, size), first));
    first += size;
  }
  return {
    senders: joined(parts.map((part) => part.senders)),
    receivers: joined(parts.map((part) => part.receivers)),
  };
}

function linksOfCloud(graph: PointGraph, { dim, data }: Points, first: number, size: number): Links {
  if (graph.kind === 'full') {
    const all = size * size;
    return {
      senders: Int32Array.from({ length: all }, (_, e) => Math.floor(e / size)),
      receivers: Int32Array.from({ length: all }, (_, e) => e % size),
    };
  }
  const own = data.subarray(first * dim, (first + size) * dim);
  return graph.kind === 'radius'
    ? radiusGraph(own, dim, graph.radius, { loops: true })
    : flipped(nearestNeighbours(own, dim, graph.neighbours, { loops: true }));
}

function shifted({ senders, receivers }: Links, by: number): Links {
  return { senders: senders.map((i) => i + by), receivers: receivers.map((i) => i + by) };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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
