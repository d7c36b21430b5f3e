/** Farthest-point sampling and the links from fine points to kept ones. Host code in float64. */
import type { RapidashConfig } from './config.ts';
import { type Links, type Points, squaredDistance } from './graph.ts';

export interface Pooled {
  /** Indices, into the fine points, of those that are kept: cloud after cloud, in the order in which they were chosen. */
  readonly kept: Int32Array;
  /** Number kept in each cloud: floor(ratio n), at least 1. */
  readonly sizes: number[];
  /** From every fine point to its nearest kept point; receivers count the kept points. */
  readonly links: Links;
}

/**
 * Keeps a share of each cloud: the next point is always the one farthest from those already kept.
 * The start decides the rest. `farthest from the centroid` is the same point however the cloud is rotated, moved
 * or reordered; the official code starts at random, its stored runs at the first point. Equal distances fall
 * back to the order of the points.
 */
export function poolPoints(
  points: Points,
  sizes: readonly number[],
  ratio: number,
  start: RapidashConfig['samplingStart'],
): Pooled {
  const kept: number[] = [];
  const keptSizes: number[] = [];
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const senders = Int32Array.from({ length: count }, (_, i) => i);
  const receivers = new Int32Array(count);
  let first = 0;
  for (const size of sizes) {
    const chosen = samplePoints(points, first, size, Math.max(1, Math.floor(ratio * size)), start);
    for (let i = first; i < first + size; i++) receivers[i] = kept.length + nearest(points, i, chosen);
    kept.push(...chosen);
    keptSizes.push(chosen.length);
    first += size;
  }
  return { kept: Int32Array.from(kept), sizes: keptSizes, links: { senders, receivers } };
}

function samplePoints(
  points: Points,
  first: number,
  size: number,
  count: number,
  start: RapidashConfig['samplingStart'],
): number[] {
  const chosen = [start === 'first' ? first : first + farthestFromCentroid(points, first, size)];
  const distances = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    for (let i = 0; i < size; i++) {
      distances[i] = Math.min(distances[i]!, squaredDistance(points, first + i, last));
    }
    chosen.push(first + indexOfLargest(distances));
  }
  return chosen;
}

function farthestFromCentroid({ dim, data }: Points, first: number, size: number): number {
  const centroid = new Float64Array(dim);
  for (let i = 0; i < size * dim; i++) centroid[i % dim]! += data[first * dim + i]! / size;
  const distances = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += (data[(first + i) * dim + k]! - centroid[k]!) ** 2;
    return sum;
  });
  return indexOfLargest(distances);
}

function nearest(points: Points, i: number, candidates: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  candidates.forEach((candidate, index) => {
    const distance = squaredDistance(points, i, candidate);
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
