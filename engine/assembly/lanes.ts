/** Eight rows side by side: what is computed for each row alone is then computed for eight at a time, as a pair of vectors. */
import { plane } from './transpose';
import { sumOf } from './vector';

/** Rows that are treated together, and the bytes of one of their columns. */
export const lanes: usize = 8;
export const lane: usize = 32;

/** to[c, r] = x[r, c] for `rows` <= 8 rows of `columns` floats; 0 in the lanes without a row. */
export function toLanes(x: usize, rows: usize, columns: usize, to: usize): void {
  if (rows < lanes) memory.fill(to, 0, columns * lane);
  plane(x, to, columns, rows, columns << 2, lane);
}

/** out[r, c] = from[c, r], for the lanes that have a row. */
export function fromLanes(from: usize, rows: usize, columns: usize, out: usize): void {
  plane(from, out, rows, columns, lane, columns << 2);
}

/** The sum over the eight lanes of a column. */
@inline
export function sumOfLanes(at: usize): f32 {
  return sumOf(f32x4.add(v128.load(at), v128.load(at, 16)));
}
