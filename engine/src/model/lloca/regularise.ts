/**
 * Inputs that determine no frame: a boost along a light-like vector, an axis along another. The official code adds random
 * noise of the size of rounding there, which avoids no more than a division by zero. Here such rows are completed by
 * fixed directions of the lab: every frame is a Lorentz matrix, the same one in every run, and the row is flagged.
 * Nothing can be equivariant where the particles themselves single out no frame.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { squaredMass } from './lorentz.ts';
import { cross, epsilon, minkowskiCross } from './orthonormal.ts';

/** |<v, v>| < epsilon, bool [M]. @param v [M, 4] */
export function isLightlike(runtime: Runtime, v: Tensor): Tensor {
  const { tf } = runtime;
  return tf.less(tf.abs(squaredMass(runtime, v)), epsilon);
}

/** <v, v> <= -epsilon or no positive energy: no boost takes v to rest. Bool [M]. */
export function isSpacelike(runtime: Runtime, v: Tensor): Tensor {
  const { tf } = runtime;
  const energy = tf.reshape(tf.slice(v, [0, 0], [v.shape[0]!, 1]), [-1]);
  return tf.logicalOr(tf.lessEqual(squaredMass(runtime, v), -epsilon), tf.lessEqual(energy, 0));
}

/** |a x b|^2 < epsilon, bool [M]. @param a [M, 3] @param b [M, 3] */
export function isCollinear(runtime: Runtime, a: Tensor, b: Tensor): Tensor {
  const { tf } = runtime;
  return tf.less(tf.sum(tf.square(cross(runtime, a, b)), 1), epsilon);
}

/** The three vectors span a light-like volume or less than a volume. Bool [M]. @param vectors three of [M, 4] */
export function isCoplanar(runtime: Runtime, vectors: readonly Tensor[]): Tensor {
  const { tf } = runtime;
  const [a, b, c] = vectors as [Tensor, Tensor, Tensor];
  return tf.less(tf.abs(squaredMass(runtime, minkowskiCross(runtime, a, b, c))), epsilon);
}

/** Where `flag`, the same spatial part with enough energy for a moderate boost. @param v [M, 4] @param flag bool [M] */
export function madeTimelike(runtime: Runtime, v: Tensor, flag: Tensor): Tensor {
  const { tf } = runtime;
  const spatial = tf.slice(v, [0, 1], [v.shape[0]!, 3]);
  const least = tf.add(tf.mul(tf.sqrt(tf.maximum(tf.sum(tf.square(spatial), 1, true), tiny)), 1.001), 0.001);
  return tf.where(tf.expandDims(flag, 1), tf.concat([least, spatial], 1), v);
}

const tiny = 1e-37;

/**
 * Where `flag`, axes that span a plane: the first as it is unless it vanishes, the second along the lab axis that it is
 * least aligned with.
 * @param first [M, 3]
 * @param second [M, 3]
 */
export function madeIndependent(
  runtime: Runtime,
  first: Tensor,
  second: Tensor,
  flag: Tensor,
): [Tensor, Tensor] {
  const { tf } = runtime;
  const rows = tf.expandDims(flag, 1);
  const vanishes = tf.less(tf.sum(tf.square(first), 1, true), epsilon);
  const x = tf.mul(tf.onesLike(first), tf.tensor1d([1, 0, 0]));
  const axis = tf.where(tf.logicalAnd(rows, vanishes), x, first);
  const leastAligned = tf.argMin(tf.abs(axis), 1);
  const other = tf.cast(tf.oneHot(leastAligned as never, 3), 'float32');
  return [axis, tf.where(rows, other, second)];
}
