/** Relative positions on the pairs of a geometry. */
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Geometry, Route } from './topology.ts';

/** What the kernels may see at one scale. */
export interface PointData {
  /** [points, dim] */
  readonly positions: Tensor;
  /** [points, 1] */
  readonly condition: Tensor | undefined;
}

/** Pairs are the edges (links), or (cloud, receiver, sender) in row-major order (dense). */
export interface Pairs {
  /** Sender minus receiver, [dim, pairs]. */
  readonly relative: Tensor;
  /** The sender's condition, [pairs]. */
  readonly condition: Tensor | undefined;
}

export function pairsOf(
  runtime: Runtime,
  { route, from, to }: Geometry,
  atScale: readonly PointData[],
): Pairs {
  const { tf } = runtime;
  const { positions, condition } = atScale[from]!;
  if (route.kind === 'links') {
    const { links } = route;
    const sent = condition && rowsAt(runtime, condition, links.senders);
    return {
      relative: apart(runtime, positions, links.senders, atScale[to]!.positions, links.receivers),
      condition: sent && tf.reshape(sent, [-1]),
    };
  }
  const { clouds, points } = route;
  const perCloud = tf.reshape(tf.transpose(positions), [-1, 1, points]);
  const received = tf.reshape(perCloud, [-1, points, 1]);
  return {
    relative: tf.reshape(tf.sub(perCloud, received), [positions.shape[1]!, clouds * points * points]),
    condition:
      condition && tf.reshape(tf.tile(tf.reshape(condition, [clouds, 1, points]), [1, points, 1]), [-1]),
  };
}

/** x_a - y_b for the listed rows, [dim, rows]. */
export function apart(runtime: Runtime, x: Tensor, a: Int32Array, y: Tensor, b: Int32Array): Tensor {
  const { tf } = runtime;
  return tf.transpose(tf.sub(rowsAt(runtime, x, a), rowsAt(runtime, y, b)));
}

/** Each unordered pair of a dense route once, and for every ordered pair the place of its unordered one. */
export interface MutualPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** [clouds * points * points] */
  readonly lookup: Int32Array;
}

/** For kernels that see the distance only: it is the same both ways, and so half of the work is saved. */
export function mutualPairs({ clouds, points }: Route & { kind: 'dense' }): MutualPairs {
  const each = (points * (points + 1)) / 2;
  const first = new Int32Array(clouds * each);
  const second = new Int32Array(clouds * each);
  const lookup = new Int32Array(clouds * points * points);
  let pair = 0;
  for (let cloud = 0; cloud < clouds; cloud++) {
    const start = cloud * points;
    for (let i = 0; i < points; i++) {
      for (let j = i; j < points; j++) {
        first[pair] = start + i;
        second[pair] = start + j;
        lookup[(start + i) * points + j] = pair;
        lookup[(start + j) * points + i] = pair;
        pair++;
      }
    }
  }
  return { first, second, lookup };
}
