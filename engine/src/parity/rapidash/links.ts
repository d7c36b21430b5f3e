/** Edge lists as the cases store them. */
import { rowsAt } from '../../layer/rows.ts';
import type { Links } from '../../model/rapidash/graph.ts';
import type { NdArray } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** [2, E], row 0 the senders, row 1 the receivers. */
export function linksOf(edges: NdArray): Links {
  const count = edges.shape[1]!;
  const data = Int32Array.from(edges.data);
  return { senders: data.slice(0, count), receivers: data.slice(count) };
}

/** Sender minus receiver, [E, dim]. */
export function relativePositions(
  runtime: Runtime,
  positions: Tensor,
  { senders, receivers }: Links,
): Tensor {
  return runtime.tf.sub(rowsAt(runtime, positions, senders), rowsAt(runtime, positions, receivers));
}
