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

/** Each pair of all ordered ones but once, and the one that each ordered pair is; for what is the same in both directions. */
export interface Unordered {
  readonly links: Links;
  /** [E]: for each edge its place in `links`. */
  readonly places: Int32Array;
}

/** @param pairs of `allPairs`, at least one */
export function unordered({ senders, receivers, rows }: Links): Unordered {
  const places = new Int32Array(senders.length);
  const first = new Int32Array(senders.length / 2);
  const second = new Int32Array(first.length);
  // Pairs come by receiver, so (i, j) with i < j is met before (j, i); those of j wait in the order of i.
  const waiting: number[][] = Array.from({ length: rows }, () => []);
  let count = 0;
  receivers.forEach((receiver, edge) => {
    const sender = senders[edge]!;
    if (receiver < sender) {
      first[count] = receiver;
      second[count] = sender;
      waiting[sender]!.push(count);
      places[edge] = count++;
    }
  });
  const taken = new Int32Array(rows);
  receivers.forEach((receiver, edge) => {
    if (receiver > senders[edge]!) places[edge] = waiting[receiver]![taken[receiver]!++]!;
  });
  return { links: { senders: second, receivers: first, rows }, places };
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
