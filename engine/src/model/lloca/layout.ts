/** A batch of events: rows one after the other, or padded to the largest event. Host data. */
import { rowsAt } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

export interface Layout {
  readonly sizes: readonly number[];
  /** Rows of all events. */
  readonly rows: number;
  /** Rows of an event in the padded table: those of the largest, or more. */
  readonly most: number;
  /** [rows]: the event of each row. */
  readonly events: Int32Array;
  /** Row of each place in the padded table, 0 where there is none, and place of each row; absent without padding. */
  readonly padding?: { readonly places: Int32Array; readonly rows: Int32Array };
}

/** @param least room for so many rows, even where no event has them */
export function layoutOf(sizes: readonly number[], least = 0): Layout {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const most = Math.max(least, ...sizes);
  const events = new Int32Array(rows);
  const places = new Int32Array(sizes.length * most);
  const own = new Int32Array(rows);
  let first = 0;
  sizes.forEach((size, event) => {
    for (let i = 0; i < size; i++) {
      events[first + i] = event;
      places[event * most + i] = first + i;
      own[first + i] = event * most + i;
    }
    first += size;
  });
  const padded = sizes.some((size) => size !== most);
  return { sizes, rows, most, events, ...(padded ? { padding: { places, rows: own } } : {}) };
}

/** @param x [rows, ...rest] @returns [events, most, ...rest]; any row where there is none */
export function toTable(runtime: Runtime, x: Tensor, { sizes, most, padding }: Layout): Tensor {
  const filled = padding ? rowsAt(runtime, x, padding.places) : x;
  return runtime.tf.reshape(filled, [sizes.length, most, ...x.shape.slice(1)]);
}

/** @param x [events, most, ...rest] @returns [rows, ...rest] */
export function toRows(runtime: Runtime, x: Tensor, { sizes, most, padding }: Layout): Tensor {
  const flat = runtime.tf.reshape(x, [sizes.length * most, ...x.shape.slice(2)]);
  return padding ? rowsAt(runtime, flat, padding.rows) : flat;
}

/** 0 for particles, a large negative number for padding: [events, 1, 1, most]. `undefined` without padding. */
export function paddingMask(runtime: Runtime, { sizes, most, padding }: Layout): Tensor | undefined {
  if (!padding) return undefined;
  const mask = new Float64Array(sizes.length * most);
  sizes.forEach((size, event) => {
    mask.fill(masked, event * most + size, (event + 1) * most);
  });
  return runtime.tensor(real([sizes.length, 1, 1, most], mask));
}

/** What is added to a logit that must not count. */
export const masked = -1e30;

/** Means over events. @param x [rows, C] @returns [events, C] */
export function eventMean(runtime: Runtime, x: Tensor, layout: Layout): Tensor {
  const { tf } = runtime;
  const { sizes, most, padding } = layout;
  const table = toTable(runtime, x, layout);
  if (!padding) return tf.mean(table, 1);
  const shares = new Float64Array(sizes.length * most);
  sizes.forEach((size, event) => {
    shares.fill(1 / size, event * most, event * most + size);
  });
  return tf.sum(tf.mul(table, runtime.tensor(real([sizes.length, most, 1], shares))), 1);
}
