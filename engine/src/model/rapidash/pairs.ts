/** Relative positions on the pairs of a geometry, shaped to meet the orientation grid by broadcasting. */
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Geometry } from './topology.ts';

/** What the kernels may see at one scale. */
export interface PointData {
  /** [points, dim] */
  readonly positions: Tensor;
  /** [points, 1] */
  readonly condition: Tensor | undefined;
}

export interface Pairs {
  /**
   * Sender minus receiver. Links: [edges, dim], or [edges, 1, dim] with a grid. Dense: [clouds, pairs, dim], or
   * [clouds, 1, pairs, dim] with a grid, the pairs (receiver, sender) of a cloud in row-major order.
   */
  readonly relative: Tensor;
  /** The sender's condition, with 1 in place of dim. */
  readonly condition: Tensor | undefined;
  /** The grid, broadcastable against `relative`: [O, dim] (links) or [O, 1, dim] (dense). */
  readonly grid: Tensor | undefined;
}

export function pairsOf(
  runtime: Runtime,
  { route, from, to }: Geometry,
  atScale: readonly PointData[],
  grid: Tensor | undefined,
): Pairs {
  const { tf } = runtime;
  const senders = atScale[from]!;
  const receivers = atScale[to]!;
  if (route.kind === 'links') {
    const { links } = route;
    const relative = tf.sub(
      rowsAt(runtime, senders.positions, links.senders),
      rowsAt(runtime, receivers.positions, links.receivers),
    );
    const condition = senders.condition && rowsAt(runtime, senders.condition, links.senders);
    const oriented = (x: Tensor): Tensor => (grid ? tf.expandDims(x, 1) : x);
    return { relative: oriented(relative), condition: condition && oriented(condition), grid };
  }
  const { clouds, points } = route;
  const everyPair = (ofSender: Tensor): Tensor => {
    const last = ofSender.shape.at(-1)!;
    return tf.reshape(ofSender, [clouds, ...(grid ? [1] : []), points * points, last]);
  };
  const perCloud = tf.reshape(senders.positions, [clouds, points, -1]);
  const relative = tf.sub(tf.expandDims(perCloud, 1), tf.expandDims(perCloud, 2));
  const condition =
    senders.condition && tf.tile(tf.reshape(senders.condition, [clouds, 1, points, 1]), [1, points, 1, 1]);
  return {
    relative: everyPair(relative),
    condition: condition && everyPair(condition),
    grid: grid && tf.expandDims(grid, 1),
  };
}
