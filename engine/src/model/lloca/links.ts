/** Who sends to whom: all pairs of particles of one event, and edges grouped by receiver. Host data. */
import { rowsAt } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Edge e goes from row senders[e] to row receivers[e]. */
export interface Links {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
  /** Number of rows. */
  readonly rows: number;
  /** There are no pairs: the one edge stands in, so that shapes and gradients are as ever, and what it carries counts as 0. */
  readonly empty?: boolean;
}

/** All ordered pairs within each event, without pairs of a particle with itself; sorted by receiver. */
export function allPairs(sizes: readonly number[]): Links {
  const count = sizes.reduce((sum, size) => sum + size * (size - 1), 0);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  if (count === 0) return { senders: Int32Array.of(0), receivers: Int32Array.of(0), rows, empty: true };
  const senders = new Int32Array(count);
  const receivers = new Int32Array(count);
  let first = 0;
  let edge = 0;
  for (const size of sizes) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        if (i === j) continue;
        receivers[edge] = first + i;
        senders[edge++] = first + j;
      }
    }
    first += size;
  }
  return { senders, receivers, rows };
}

/** Each pair of `allPairs` but once, for what is the same in both directions. */
export interface Unordered {
  readonly links: Links;
  /** [E]: the place in `links` of each ordered pair. */
  readonly places: Int32Array;
}

/** The pairs i < j of each event, in the order of `allPairs`. At least one event has two particles. */
export function unorderedPairs(sizes: readonly number[]): Unordered {
  const count = sizes.reduce((sum, size) => sum + size * (size - 1), 0);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const senders = new Int32Array(count / 2);
  const receivers = new Int32Array(count / 2);
  const places = new Int32Array(count);
  let [first, edge, begin, next] = [0, 0, 0, 0];
  for (const size of sizes) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        if (i === j) continue;
        const [low, high] = i < j ? [i, j] : [j, i];
        places[edge++] = begin + (low * (2 * size - low - 1)) / 2 + high - low - 1;
        if (i > j) continue;
        receivers[next] = first + i;
        senders[next++] = first + j;
      }
    }
    first += size;
    begin = next;
  }
  return { links: { senders, receivers, rows }, places };
}

/** Edges in a table [rows, width] by receiver. */
export interface Neighbourhood extends Links {
  readonly width: number;
  /** Number of edges that each row receives. */
  readonly degrees: Int32Array;
  /** [rows * width]: the edge in each place, 0 where there is none; absent when the edges fill the table in order. */
  readonly table?: Int32Array;
}

export function neighbourhoodOf(links: Links): Neighbourhood {
  const { receivers, rows } = links;
  const degrees = new Int32Array(rows);
  for (const receiver of receivers) degrees[receiver]!++;
  const width = degrees.reduce((most, degree) => Math.max(most, degree), 0);
  const table = new Int32Array(rows * width);
  const filled = new Int32Array(rows);
  let inOrder = receivers.length === rows * width;
  receivers.forEach((receiver, edge) => {
    const place = receiver * width + filled[receiver]!++;
    table[place] = edge;
    inOrder &&= place === edge;
  });
  return { ...links, width, degrees, ...(inOrder ? {} : { table }) };
}

/** Values on edges in the table of their receivers. @param x [E, C] @returns [rows, width, C]; any edge's where there is none */
export function byReceiver(runtime: Runtime, x: Tensor, { rows, width, table }: Neighbourhood): Tensor {
  return runtime.tf.reshape(table ? rowsAt(runtime, x, table) : x, [rows, width, -1]);
}

/** 1 where the table holds an edge, else 0: [rows, width, 1]. `undefined` when it is full. */
export function presence(
  runtime: Runtime,
  { rows, width, degrees, table }: Neighbourhood,
): Tensor | undefined {
  if (!table) return undefined;
  const present = Float64Array.from({ length: rows * width }, (_, place) =>
    place % width < degrees[Math.floor(place / width)]! ? 1 : 0,
  );
  return runtime.tensor(real([rows, width, 1], present));
}
