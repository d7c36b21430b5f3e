/** The kernel's arguments: what pairs of points, and pairs of orientations, have in common under the group. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { RapidashConfig } from './config.ts';

/**
 * Arguments of the spatial kernel (section 2.2 of the method).
 * - R^n: the distance (SE), or the displacement (T).
 * - R^n x S: rel.o and the part across o: its length in 3D, its signed coordinate in 2D; T puts the displacement in front.
 * Lengths of zero have the gradient zero.
 * @param relative sender minus receiver, [..., dim]; with a grid it must broadcast against it
 * @param grid orientations, [..., dim], broadcastable against `relative`; undefined for features without orientations
 * @returns [..., k] with the broadcast shape in front
 */
export function spatialInvariants(
  runtime: Runtime,
  relative: Tensor,
  grid: Tensor | undefined,
  { dim, invariants, transverse }: Pick<RapidashConfig, 'dim' | 'invariants' | 'transverse'>,
): Tensor {
  const { tf } = runtime;
  if (!grid) return invariants === 'T' ? relative : length(runtime, relative);
  const along = tf.sum(tf.mul(relative, grid), -1, true);
  const parts = [along, across(runtime, relative, grid, along, dim, transverse)];
  if (invariants === 'T') {
    const shape = [...along.shape.slice(0, -1), dim];
    parts.unshift(tf.add(relative, tf.zeros(shape)));
  }
  return tf.concat(parts, -1);
}

function across(
  runtime: Runtime,
  relative: Tensor,
  grid: Tensor,
  along: Tensor,
  dim: 2 | 3,
  transverse: RapidashConfig['transverse'],
): Tensor {
  const { tf } = runtime;
  if (dim === 2 && transverse === 'corrected') {
    const [x, y] = tf.split(grid, 2, -1) as [Tensor, Tensor];
    return tf.sum(tf.mul(relative, tf.concat([tf.neg(y), x], -1)), -1, true);
  }
  const rest = tf.sub(relative, tf.mul(along, grid));
  return dim === 2 ? tf.sum(rest, -1, true) : length(runtime, rest);
}

/**
 * Arguments of the fibre kernel: o.o'.
 * @param grid [O, dim]
 * @returns [O, O, 1], receiver first
 */
export function fibreInvariants({ tf }: Runtime, grid: Tensor): Tensor {
  return tf.expandDims(tf.matMul(grid, tf.transpose(grid)), -1);
}

/**
 * Euclidean norm over the last axis, kept as an axis of 1, with the gradient 0 where it is 0.
 * @param vectors [..., n]
 * @returns [..., 1]
 */
export function length({ tf }: Runtime, vectors: Tensor): Tensor {
  const squared = tf.sum(tf.square(vectors), -1, true);
  // The root of 1 stands in for the root of 0, whose derivative is infinite. A step has a gradient, a comparison has none.
  const positive = tf.step(squared);
  return tf.mul(tf.sqrt(tf.add(squared, tf.sub(1, positive))), positive);
}
