/** Points sorted into cells of a regular grid: who is near is then found without looking at everybody. */

/** In space; axes that the points do not have are 0 for all of them. */
export interface Cells {
  /** Corner of the grid and edge of a cell along each axis, [3]. */
  readonly origin: Float64Array;
  readonly edge: Float64Array;
  /** Number of cells along each axis, [3]. */
  readonly counts: Int32Array;
  /** Position and cell of each point, [points, 3]. */
  readonly positions: Float64Array;
  readonly places: Int32Array;
  /**
   * Points cell by cell, in ascending order inside each, and their positions in that order: those of cell c are at
   * starts[c] .. starts[c + 1] - 1.
   */
  readonly points: Int32Array;
  readonly sorted: Float64Array;
  readonly starts: Int32Array;
}

/**
 * Sorts points into cells whose edges are at least `edge` long, and no more cells than twice the points, so that time and
 * memory are linear in their number however thinly they lie.
 * @param data positions [points, dim], inside the box when there is one
 * @param box lengths of a periodic box that starts at 0; absent: the points' own bounds
 * @throws RangeError for more than three axes
 */
export function cellsOf(data: Float64Array, dim: number, edge: number, box?: readonly number[]): Cells {
  if (dim < 1 || dim > 3) throw new RangeError(`neighbours are found in 1 to 3 dimensions, not ${dim}`);
  const count = data.length / dim;
  const positions = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let axis = 0; axis < dim; axis++) positions[3 * i + axis] = data[dim * i + axis]!;
  }
  const { low, extent } = bounds(positions, box);
  const counts = cellCounts(extent, edge, 2 * count + 1);
  const edges = extent.map((length, axis) => (length > 0 ? length / counts[axis]! : 1));
  const places = new Int32Array(3 * count);
  for (let i = 0; i < places.length; i++) {
    const axis = i % 3;
    const place = Math.floor((positions[i]! - low[axis]!) / edges[axis]!);
    places[i] = Math.min(counts[axis]! - 1, Math.max(0, place));
  }
  return { origin: low, edge: edges, counts, positions, places, ...sortedByCell(positions, places, counts) };
}

function bounds(
  positions: Float64Array,
  box: readonly number[] | undefined,
): { low: Float64Array; extent: Float64Array } {
  const [low, high] = [new Float64Array(3).fill(Infinity), new Float64Array(3).fill(-Infinity)];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    low[axis] = Math.min(low[axis]!, positions[i]!);
    high[axis] = Math.max(high[axis]!, positions[i]!);
  }
  const extent = low.map((least, axis) => box?.[axis] ?? Math.max(0, high[axis]! - least));
  return { low: low.map((least) => (box || least === Infinity ? 0 : least)), extent };
}

/** As many cells as fit, then fewer along the axis that has most, until there are no more than allowed. */
function cellCounts(extent: Float64Array, edge: number, most: number): Int32Array {
  const counts = extent.map((length) => Math.max(1, Math.floor(length / edge)));
  for (;;) {
    const total = counts.reduce((a, b) => a * b, 1);
    if (total <= most) return Int32Array.from(counts);
    const largest = counts.indexOf(Math.max(...counts));
    counts[largest] = Math.max(1, Math.floor(counts[largest]! * Math.max(0.1, Math.min(0.9, most / total))));
  }
}

function sortedByCell(
  positions: Float64Array,
  places: Int32Array,
  counts: Int32Array,
): Pick<Cells, 'points' | 'sorted' | 'starts'> {
  const count = places.length / 3;
  const [c0, c1, c2] = counts as unknown as [number, number, number];
  const starts = new Int32Array(c0 * c1 * c2 + 1);
  const cellOf = (i: number): number => (places[3 * i]! * c1 + places[3 * i + 1]!) * c2 + places[3 * i + 2]!;
  for (let i = 0; i < count; i++) starts[cellOf(i) + 1]!++;
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
  const next = starts.slice();
  const points = new Int32Array(count);
  const sorted = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    const at = next[cellOf(i)]!++;
    points[at] = i;
    for (let axis = 0; axis < 3; axis++) sorted[3 * at + axis] = positions[3 * i + axis]!;
  }
  return { points, sorted, starts };
}
