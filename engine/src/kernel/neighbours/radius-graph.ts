/** All pairs of points within a radius, by cell lists: linear in the number of points and pairs. */
import { type Cells, cellsOf } from './cells.ts';
import { EdgeList, type Edges } from './edges.ts';
import { addImages, wrapped } from './periodic.ts';

export interface RadiusGraphOptions {
  /** Lengths of a periodic box along each axis; the radius may be at most half of the shortest. */
  readonly box?: readonly number[];
  /** Whether each point is a neighbour of itself; by default it is not. */
  readonly loops?: boolean;
}

/**
 * Edges between points at a distance of at most `radius`, both ways, sorted by receiver and then by sender. In float64.
 * With a box, distances are those to the nearest image, and `images` tells which it is: sender + images * box - receiver
 * is the short way.
 * @param positions `[points, dim]`, dim from 1 to 3; any place when there is a box
 * @throws RangeError for a radius that is not positive, or more than half of the box
 */
export function radiusGraph(
  positions: Float64Array,
  dim: number,
  radius: number,
  { box, loops = false }: RadiusGraphOptions = {},
): Edges {
  if (!(radius > 0)) throw new RangeError(`radiusGraph takes a radius above 0, not ${radius}`);
  if (box && (box.length !== dim || box.some((length) => !(length >= 2 * radius)))) {
    throw new RangeError(
      `radiusGraph takes a box of ${dim} lengths of at least twice the radius ${radius}, not [${box}]`,
    );
  }
  const inside = box && wrapped(positions, box);
  const cells = cellsOf(inside?.positions ?? positions, dim, radius, box);
  const edges = new EdgeList(box ? dim : 0);
  const count = positions.length / dim;
  const found: Found = { points: new Int32Array(64), count: 0 };
  for (let i = 0; i < count; i++) {
    search(cells, i, radius, box, found);
    const near = found.points.subarray(0, found.count).sort();
    for (const j of near) {
      if (j === i && !loops) continue;
      edges.add(j, i);
      if (inside) addImages(edges, cells, inside.periodic, j, i);
    }
  }
  return edges.finish();
}

interface Found {
  points: Int32Array<ArrayBuffer>;
  count: number;
}

/** Looks at the cells that touch the one of point i, and at that one. */
function search(
  { counts, places, positions, points, sorted, starts }: Cells,
  i: number,
  radius: number,
  box: readonly number[] | undefined,
  found: Found,
): void {
  const [x, y, z] = [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!];
  const [n0, n1, n2] = [counts[0]!, counts[1]!, counts[2]!];
  const [from0, to0] = around(places[3 * i]!, n0, box !== undefined);
  const [from1, to1] = around(places[3 * i + 1]!, n1, box !== undefined);
  const [from2, to2] = around(places[3 * i + 2]!, n2, box !== undefined);
  const [l0, l1, l2] = [box?.[0] ?? 0, box?.[1] ?? 0, box?.[2] ?? 0];
  const limit = radius * radius;
  found.count = 0;
  for (let p = from0; p <= to0; p++) {
    for (let q = from1; q <= to1; q++) {
      const row = (((p + n0) % n0) * n1 + ((q + n1) % n1)) * n2;
      for (let r = from2; r <= to2; r++) {
        const cell = row + ((r + n2) % n2);
        const end = starts[cell + 1]!;
        for (let at = starts[cell]!; at < end; at++) {
          let dx = sorted[3 * at]! - x;
          let dy = sorted[3 * at + 1]! - y;
          let dz = sorted[3 * at + 2]! - z;
          if (l0 > 0) dx -= l0 * Math.round(dx / l0);
          if (l1 > 0) dy -= l1 * Math.round(dy / l1);
          if (l2 > 0) dz -= l2 * Math.round(dz / l2);
          if (dx * dx + dy * dy + dz * dz > limit) continue;
          if (found.count === found.points.length) {
            const larger = new Int32Array(2 * found.count);
            larger.set(found.points);
            found.points = larger;
          }
          found.points[found.count++] = points[at]!;
        }
      }
    }
  }
}

/** First and last cell along an axis, before wrapping around; each cell once, also where a circle has one or two of them. */
function around(place: number, size: number, periodic: boolean): readonly [number, number] {
  if (periodic && size > 2) return [place - 1, place + 1];
  if (periodic) return [0, size - 1];
  return [Math.max(0, place - 1), Math.min(size - 1, place + 1)];
}
