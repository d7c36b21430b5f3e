/** Who is near whom: graphs are made on the host, in float64, so that both precisions run the same one. */
import type { Cost } from '../cost.ts';

export type { Edges } from './edges.ts';
export { type NearestOptions, nearestNeighbours } from './nearest.ts';
export { type RadiusGraphOptions, radiusGraph } from './radius-graph.ts';

/**
 * For points spread evenly, a ball of the radius against the cells around it: about 6.4 candidates for each neighbour in space,
 * each a squared distance.
 */
export function radiusGraphCost(points: number, edges: number, dim: number): Cost {
  const cube = 3 ** dim;
  const ball = [0, 2, Math.PI, (4 / 3) * Math.PI][dim] ?? 1;
  const candidates = (edges * cube) / ball;
  return { flops: 3 * dim * candidates, bytes: 8 * dim * (points + candidates) + 8 * edges };
}
