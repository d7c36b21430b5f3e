/** The k nearest points of every point, by cells searched in growing shells. */
import { type Cells, cellsOf } from './cells.ts';
import { EdgeList, type Edges } from './edges.ts';
import { addImages, wrapped } from './periodic.ts';

export interface NearestOptions {
  /** Lengths of a periodic box along each axis. */
  readonly box?: readonly number[];
  /** Whether a point is the first neighbour of itself (and counted); by default it is not. */
  readonly loops?: boolean;
}

/**
 * Edges from the `neighbours` points nearest to each point to that point, nearest first; equal distances in the order of
 * the points. Fewer where there are not as many points. In float64.
 * With a box each point counts once, at the distance of its nearest image, and `images` tells which that is: sender + images * box
 * - receiver is the short way.
 * @param positions `[points, dim]`, dim from 1 to 3; any place when there is a box
 * @throws RangeError for a number of neighbours that is no positive integer, and for a box without a positive length for each axis
 */
export function nearestNeighbours(
  positions: Float64Array,
  dim: number,
  neighbours: number,
  { box, loops = false }: NearestOptions = {},
): Edges {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RangeError(`nearestNeighbours takes a positive integer, not ${neighbours}`);
  }
  if (box && (box.length !== dim || box.some((length) => !(length > 0 && length < Infinity)))) {
    throw new RangeError(`nearestNeighbours takes a box of ${dim} positive lengths, not [${box}]`);
  }
  const count = positions.length / dim;
  const inside = box && wrapped(positions, box);
  const own = inside?.positions ?? positions;
  const cells = cellsOf(own, dim, typicalEdge(own, dim, box), box);
  const wanted = Math.max(0, Math.min(neighbours, loops ? count : count - 1));
  const edges = new EdgeList(box ? dim : 0);
  const best: Best = { points: new Int32Array(wanted), squares: new Float64Array(wanted), count: 0 };
  const search: Search = { cells, lengths: [box?.[0] ?? 0, box?.[1] ?? 0, box?.[2] ?? 0], loops, best };
  for (let i = 0; i < count && wanted > 0; i++) {
    searchShells(search, i);
    for (let n = 0; n < wanted; n++) {
      edges.add(best.points[n]!, i);
      if (inside) addImages(edges, cells, inside.periodic, best.points[n]!, i);
    }
  }
  return edges.finish();
}

/** The edge at which a cell of the box, or of the points' bounds, holds two points on average. */
function typicalEdge(positions: Float64Array, dim: number, box: readonly number[] | undefined): number {
  let volume = 1;
  let axes = 0;
  for (let axis = 0; axis < dim; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < positions.length; i += dim) {
      low = Math.min(low, positions[i]!);
      high = Math.max(high, positions[i]!);
    }
    const length = box?.[axis] ?? high - low;
    if (length > 0) {
      volume *= length;
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

interface Search {
  readonly cells: Cells;
  /** Of the periodic box, 0 along axes without one. */
  readonly lengths: readonly [number, number, number];
  readonly loops: boolean;
  readonly best: Best;
}

/** Looks into the cells at distance 0, 1, 2, … of point i's, until no farther cell can hold a nearer point. */
function searchShells(search: Search, i: number): void {
  const { cells, best } = search;
  const { counts, places } = cells;
  const [n0, n1, n2] = [counts[0]!, counts[1]!, counts[2]!];
  const [p0, p1, p2] = [places[3 * i]!, places[3 * i + 1]!, places[3 * i + 2]!];
  const [low0, high0] = offsets(search, 0, p0);
  const [low1, high1] = offsets(search, 1, p1);
  const [low2, high2] = offsets(search, 2, p2);
  const farthest = Math.max(-low0, high0, -low1, high1, -low2, high2);
  best.count = 0;
  for (let shell = 0; shell <= farthest; shell++) {
    const isFull = best.count === best.points.length;
    if (isFull && best.squares[best.count - 1]! < beyond(search, i, shell) ** 2) return;
    for (let p = Math.max(low0, -shell); p <= Math.min(high0, shell); p++) {
      for (let q = Math.max(low1, -shell); q <= Math.min(high1, shell); q++) {
        const row = (((p0 + p + n0) % n0) * n1 + ((p1 + q + n1) % n1)) * n2;
        if (Math.max(Math.abs(p), Math.abs(q)) === shell) {
          const [first, last] = [Math.max(low2, -shell), Math.min(high2, shell)];
          for (let r = first; r <= last; r++) look(search, i, row + ((p2 + r + n2) % n2));
        } else {
          // Inside the shell in two axes: only its two ends are on it.
          if (-shell >= low2) look(search, i, row + ((p2 - shell + n2) % n2));
          if (shell <= high2) look(search, i, row + ((p2 + shell) % n2));
        }
      }
    }
  }
}

/** First and last cell along an axis, counted from the given one; around a circle, each cell once and the near way. */
function offsets({ cells, lengths }: Search, axis: 0 | 1 | 2, place: number): readonly [number, number] {
  const size = cells.counts[axis]!;
  return lengths[axis] > 0 ? [-((size - 1) >> 1), size >> 1] : [-place, size - 1 - place];
}

/** The distance from point i to the nearest place outside of the shells before this one; 0 for the first. */
function beyond(search: Search, i: number, shell: number): number {
  if (shell === 0) return 0;
  const { origin, edge, places, positions } = search.cells;
  let least = Infinity;
  for (const axis of [0, 1, 2] as const) {
    const place = places[3 * i + axis]!;
    const x = positions[3 * i + axis]! - origin[axis]!;
    const [low, high] = offsets(search, axis, place);
    // Where the grid ends there are no more points; the last cell of a circle is reached from both sides.
    const isOpen = search.lengths[axis] > 0 && high >= shell;
    if (isOpen || -shell >= low) least = Math.min(least, x - (place - shell + 1) * edge[axis]!);
    if (isOpen || shell <= high) least = Math.min(least, (place + shell) * edge[axis]! - x);
  }
  return Math.max(0, least);
}

/** Offers the points of a cell. */
function look({ cells, lengths, loops, best }: Search, i: number, cell: number): void {
  const { positions, points, sorted, starts } = cells;
  const [x, y, z] = [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!];
  const [l0, l1, l2] = lengths;
  for (let at = starts[cell]!; at < starts[cell + 1]!; at++) {
    const point = points[at]!;
    if (point === i && !loops) continue;
    let [dx, dy, dz] = [sorted[3 * at]! - x, sorted[3 * at + 1]! - y, sorted[3 * at + 2]! - z];
    if (l0 > 0) dx -= l0 * Math.round(dx / l0);
    if (l1 > 0) dy -= l1 * Math.round(dy / l1);
    if (l2 > 0) dz -= l2 * Math.round(dz / l2);
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
