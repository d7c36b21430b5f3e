/**
 * The kernel's arguments: what pairs of points, and pairs of orientations, have in common under the group. Vectors lie
 * with their components along the first axis and pairs along the last: backends are many times faster along long axes
 * than along an axis of two or three.
 */
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { RapidashConfig } from './config.ts';

/**
 * Arguments of the spatial kernel (section 2.2 of the method).
 * - R^n: the distance (SE), or the displacement (T).
 * - R^n x S: rel.o and the part across o: its length in 3D, its signed coordinate in 2D; T puts the displacement in front.
 * Lengths of zero have the gradient zero.
 * @param relative sender minus receiver, [dim, pairs]
 * @param grid orientations, [O, dim]; undefined for features without orientations
 * @returns each argument, [pairs] or [O, pairs]
 */
export function spatialInvariants(
  runtime: Runtime,
  relative: Tensor,
  grid: Tensor | undefined,
  { dim, invariants, transverse }: Pick<RapidashConfig, 'dim' | 'invariants' | 'transverse'>,
): Tensor[] {
  const { tf } = runtime;
  if (!grid) return invariants === 'T' ? components(runtime, relative) : [length(runtime, relative)];
  const along = tf.matMul(grid, relative);
  const parts = [along, across(runtime, relative, grid, dim, transverse)];
  if (invariants === 'T') {
    const zeros = tf.zerosLike(along);
    parts.unshift(...components(runtime, relative).map((component) => tf.add(zeros, component)));
  }
  return parts;
}

/** The part across each orientation, [O, pairs]. */
function across(
  runtime: Runtime,
  relative: Tensor,
  grid: Tensor,
  dim: 2 | 3,
  transverse: RapidashConfig['transverse'],
): Tensor {
  const { tf } = runtime;
  const orientations = grid.shape[0]!;
  if (dim === 2 && transverse === 'corrected') {
    // o turned by a quarter: (-y, x).
    return tf.matMul(tf.matMul(grid, tf.tensor2d([0, 1, -1, 0], [2, 2])), relative);
  }
  // 1 - o o^T for each o, with the component in front: one product gives all components at all orientations.
  const outer = tf.mul(tf.expandDims(tf.transpose(grid), 2), tf.expandDims(grid, 0));
  const projections = tf.sub(tf.expandDims(tf.eye(dim), 1), outer);
  const rest = tf.matMul(tf.reshape(projections, [dim * orientations, dim]), relative);
  const perComponent = tf.reshape(rest, [dim, -1]);
  const result = dim === 2 ? tf.sum(perComponent, 0) : length(runtime, perComponent);
  return tf.reshape(result, [orientations, -1]);
}

/**
 * Argument of the fibre kernel: o.o'.
 * @param grid [O, dim]
 * @returns [O, O], receiver first
 */
export function fibreInvariant({ tf }: Runtime, grid: Tensor): Tensor {
  return tf.matMul(grid, tf.transpose(grid));
}

/** Euclidean norms of vectors [dim, n], with the gradient 0 where the norm is 0. @returns [n] */
export function length(runtime: Runtime, vectors: Tensor): Tensor {
  const { tf } = runtime;
  const squared = components(runtime, tf.square(vectors)).reduce((sum, term) => tf.add(sum, term));
  // The root of 1 stands in for the root of 0, whose derivative is infinite. A step has a gradient, a comparison has none.
  const positive = tf.step(squared);
  return tf.mul(tf.sqrt(tf.add(squared, tf.sub(1, positive))), positive);
}

/** [k, n] to k arrays [n]. Not by unstacking: wasm's slices copy their whole source each time. */
export function components(runtime: Runtime, rows: Tensor): Tensor[] {
  const [count, width] = rows.shape as [number, number];
  return Array.from({ length: count }, (_, k) =>
    runtime.tf.reshape(rowsAt(runtime, rows, Int32Array.of(k)), [width]),
  );
}
