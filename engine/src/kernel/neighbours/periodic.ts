/** Periodic boxes: points moved inside, and the images that are near each other. */
import type { Cells } from './cells.ts';
import type { EdgeList } from './edges.ts';

/** A box and how often each point was moved along each axis to lie inside, `[points, dim]`. */
export interface Periodic {
  readonly box: readonly number[];
  readonly turns: Int32Array;
}

/** Positions inside the box, `[points, dim]`, and how they came there. */
export function wrapped(
  positions: Float64Array,
  box: readonly number[],
): { readonly positions: Float64Array; readonly periodic: Periodic } {
  const dim = box.length;
  const turns = new Int32Array(positions.length);
  const inside = positions.map((x, i) => {
    const length = box[i % dim]!;
    turns[i] = Math.floor(x / length);
    return x - turns[i]! * length;
  });
  return { positions: inside, periodic: { box, turns } };
}

/** Adds the image of the edge from point j to point i: from those that the given positions are to those that are near. */
export function addImages(
  edges: EdgeList,
  { positions }: Cells,
  { box, turns }: Periodic,
  j: number,
  i: number,
): void {
  const dim = box.length;
  for (let axis = 0; axis < dim; axis++) {
    const apart = positions[3 * j + axis]! - positions[3 * i + axis]!;
    edges.addImage(turns[i * dim + axis]! - turns[j * dim + axis]! - Math.round(apart / box[axis]!));
  }
}
