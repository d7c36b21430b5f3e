/** The k nearest points of every point, by cells searched in growing shells. */
import { type Cells, cellsOf } from './cells.ts';
import { EdgeList, type Edges } from './edges.ts';

/**
 * Edges from the `neighbours` points nearest to each point to that point, nearest first; equal distances in the order of
 * the points. Fewer where there are not as many points. In float64.
 * @param positions `[points, dim]`, dim from 1 to 3
 * @param options loops: whether a point is the first neighbour of itself (and counted); by default it is not
 * @throws RangeError for a number of neighbours that is no positive integer
 */
export function nearestNeighbours(
  positions: Float64Array,
  dim: number,
  neighbours: number,
  { loops = false }: { readonly loops?: boolean } = {},
): Edges {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RangeError(`nearestNeighbours takes a positive integer, not ${neighbours}`);
  }
  const count = positions.length / dim;
  const cells = cellsOf(positions, dim, typicalEdge(positions, dim));
  const wanted = Math.max(0, Math.min(neighbours, loops ? count : count - 1));
  const edges = new EdgeList(0);
  const best: Best = { points: new Int32Array(wanted), squares: new Float64Array(wanted), count: 0 };
  for (let i = 0; i < count && wanted > 0; i++) {
    searchShells(cells, i, loops, best);
    for (let n = 0; n < wanted; n++) edges.add(best.points[n]!, i);
  }
  return edges.finish();
}

/** The edge at which a cell of the bounding box holds two points on average. */
function typicalEdge(positions: Float64Array, dim: number): number {
  let volume = 1;
  let axes = 0;
  for (let axis = 0; axis < dim; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < positions.length; i += dim) {
      low = Math.min(low, positions[i]!);
      high = Math.max(high, positions[i]!);
    }
    if (high > low) {
      volume *= high - low;
      axes++;
    }
  }
  return axes === 0 ? 1 : ((2 * dim * volume) / positions.length) ** (1 / axes);
}

/** Points sorted by distance and then by number. */
interface Best {
  readonly points: Int32Array;
  readonly squares: Float64Array;
  count: number;
}

/** Looks into the cells at distance 0, 1, 2, … of point i's, until no farther cell can hold a nearer point. */
function searchShells(cells: Cells, i: number, loops: boolean, best: Best): void {
  const { counts, places } = cells;
  const [n0, n1, n2] = [counts[0]!, counts[1]!, counts[2]!];
  const [p0, p1, p2] = [places[3 * i]!, places[3 * i + 1]!, places[3 * i + 2]!];
  const farthest = Math.max(n0, n1, n2);
  best.count = 0;
  for (let shell = 0; shell < farthest; shell++) {
    const isFull = best.count === best.points.length;
    if (isFull && best.squares[best.count - 1]! < beyond(cells, i, shell) ** 2) return;
    for (let p = Math.max(0, p0 - shell); p <= Math.min(n0 - 1, p0 + shell); p++) {
      for (let q = Math.max(0, p1 - shell); q <= Math.min(n1 - 1, p1 + shell); q++) {
        const row = (p * n1 + q) * n2;
        if (Math.max(Math.abs(p - p0), Math.abs(q - p1)) === shell) {
          const [first, last] = [Math.max(0, p2 - shell), Math.min(n2 - 1, p2 + shell)];
          for (let r = first; r <= last; r++) look(cells, i, row + r, loops, best);
        } else {
          // Inside the shell in two axes: only its two ends are on it.
          if (p2 - shell >= 0) look(cells, i, row + p2 - shell, loops, best);
          if (p2 + shell < n2) look(cells, i, row + p2 + shell, loops, best);
        }
      }
    }
  }
}

/** The distance from point i to the nearest place outside of the shells before this one; 0 for the first. */
function beyond({ origin, edge, counts, places, positions }: Cells, i: number, shell: number): number {
  if (shell === 0) return 0;
  let least = Infinity;
  for (let axis = 0; axis < 3; axis++) {
    const place = places[3 * i + axis]!;
    const x = positions[3 * i + axis]! - origin[axis]!;
    // Where the grid ends there are no more points.
    if (place - shell >= 0) least = Math.min(least, x - (place - shell + 1) * edge[axis]!);
    if (place + shell < counts[axis]!) least = Math.min(least, (place + shell) * edge[axis]! - x);
  }
  return Math.max(0, least);
}

/** Offers the points of a cell. */
function look(
  { positions, points, sorted, starts }: Cells,
  i: number,
  cell: number,
  loops: boolean,
  best: Best,
): void {
  const [x, y, z] = [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!];
  for (let at = starts[cell]!; at < starts[cell + 1]!; at++) {
    const point = points[at]!;
    if (point === i && !loops) continue;
    const [dx, dy, dz] = [sorted[3 * at]! - x, sorted[3 * at + 1]! - y, sorted[3 * at + 2]! - z];
    insert(best, point, dx * dx + dy * dy + dz * dz);
  }
}

function insert(best: Best, point: number, squared: number): void {
  const { points, squares } = best;
  let n = best.count;
  if (n < points.length) best.count++;
  else if (isBefore(best, point, squared, n - 1)) n--;
  else return;
  for (; n > 0 && isBefore(best, point, squared, n - 1); n--) {
    points[n] = points[n - 1]!;
    squares[n] = squares[n - 1]!;
  }
  points[n] = point;
  squares[n] = squared;
}

function isBefore({ points, squares }: Best, point: number, squared: number, n: number): boolean {
  return squared < squares[n]! || (squared === squares[n]! && point < points[n]!);
}
