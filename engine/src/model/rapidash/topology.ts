/** The graphs of a whole network on one batch of clouds: host data, no tensors. */
import type { PointGraph, RapidashConfig } from './config.ts';
import { flipped, type Links, type Points, pointLinks } from './graph.ts';
import { poolPoints } from './pooling.ts';

/** The points that exist at one scale. */
export interface Scale {
  readonly sizes: readonly number[];
  /** Indices of these points among those of the next finer scale; absent at the finest one. */
  readonly kept?: Int32Array;
}

/**
 * How a block's features travel.
 * - dense: all pairs in clouds of one size, as matrix products without any gathering.
 * - links: along an edge list. `kernel` names the geometry whose kernel values are used: un-pooling reuses those of
 *   pooling, with sender and receiver exchanged.
 */
export type Route =
  | { readonly kind: 'dense'; readonly clouds: number; readonly points: number }
  | { readonly kind: 'links'; readonly links: Links; readonly receivers: number };

/** A set of pairs with their relative positions; blocks that share it share the kernel basis. */
export interface Geometry {
  /** Sender's and receiver's scale; pooling goes from one to the next. */
  readonly from: number;
  readonly to: number;
  readonly route: Route;
  /** The radius at which the kernel is windowed, for radius graphs. */
  readonly radius?: number;
}

export interface Topology {
  readonly scales: readonly Scale[];
  /** For each scale the pairs inside it. */
  readonly within: readonly Geometry[];
  /** For each scale but the last the way to the next one. */
  readonly down: readonly Geometry[];
}

/**
 * @param points positions of all clouds, one after the other
 * @param sizes number of points of each cloud
 * @param dense lets full graphs over clouds of one size take the dense route; off, every graph is an edge list
 */
export function topologyOf(
  config: Pick<RapidashConfig, 'graphs' | 'ratios' | 'samplingStart' | 'edgeInputs'>,
  points: Points,
  sizes: readonly number[],
  dense = true,
): Topology {
  const scales: Scale[] = [{ sizes }];
  const within: Geometry[] = [];
  const down: Geometry[] = [];
  let current = points;
  config.graphs.forEach((graph, scale) => {
    const here = scales[scale]!.sizes;
    const mayBeDense = dense && config.edgeInputs === 0;
    within.push({ from: scale, to: scale, ...geometry(graph, current, here, mayBeDense) });
    const ratio = config.ratios[scale];
    if (ratio === undefined) return;
    const pooled = poolPoints(current, here, ratio, config.samplingStart);
    scales.push({ sizes: pooled.sizes, kept: pooled.kept });
    const route: Route = { kind: 'links', links: pooled.links, receivers: pooled.kept.length };
    down.push({ from: scale, to: scale + 1, route });
    current = pick(current, pooled.kept);
  });
  return { scales, within, down };
}

/** The pairs that a block's kernel is evaluated on. */
export function geometryOf({ within, down }: Topology, from: number, to: number): Geometry {
  return from === to ? within[from]! : down[Math.min(from, to)]!;
}

/** How a block's features travel; the way up is the way down with senders and receivers exchanged. */
export function routeOf(topology: Topology, from: number, to: number): Route {
  const { route } = geometryOf(topology, from, to);
  if (to >= from || route.kind === 'dense') return route;
  return { kind: 'links', links: flipped(route.links), receivers: route.links.senders.length };
}

function geometry(
  graph: PointGraph,
  points: Points,
  sizes: readonly number[],
  dense: boolean,
): Pick<Geometry, 'route' | 'radius'> {
  const radius = graph.kind === 'radius' ? { radius: graph.radius } : {};
  const size = sizes[0]!;
  if (dense && graph.kind === 'full' && sizes.every((other) => other === size)) {
    return { route: { kind: 'dense', clouds: sizes.length, points: size } };
  }
  const links = pointLinks(graph, points, sizes);
  const receivers = sizes.reduce((sum, n) => sum + n, 0);
  return { route: { kind: 'links', links, receivers }, ...radius };
}

function pick({ dim, data }: Points, indices: Int32Array): Points {
  const picked = new Float64Array(indices.length * dim);
  indices.forEach((index, row) => {
    picked.set(data.subarray(index * dim, (index + 1) * dim), row * dim);
  });
  return { dim, data: picked };
}
