/**
 * Minkowski algebra on tensors, metric g = diag(1, -1, -1, -1), momenta (E, px, py, pz). A frame is a Lorentz matrix L
 * [row: local component, column: lab component]; the local momentum is L p.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

const signs = [1, -1, -1, -1];

/** Components of the last axis, each without it. */
export function components({ tf }: Runtime, x: Tensor): Tensor[] {
  return tf.unstack(x, -1);
}

/** The metric applied to the last axis: g x. @param x [..., 4] */
export function lowered({ tf }: Runtime, x: Tensor): Tensor {
  return tf.mul(x, tf.tensor1d(signs));
}

/** <a, b>, [...]. @param a [..., 4] @param b [..., 4] */
export function inner(runtime: Runtime, a: Tensor, b: Tensor): Tensor {
  const { tf } = runtime;
  return tf.sum(tf.mul(lowered(runtime, a), b), -1);
}

/** <p, p>: the squared mass of a momentum. @param p [..., 4] @returns [...] */
export function squaredMass(runtime: Runtime, p: Tensor): Tensor {
  return inner(runtime, p, p);
}

/**
 * L^-1 = g L^T g, without a solver. Exact for Lorentz matrices only.
 * @param frames [..., 4, 4]
 */
export function inverse({ tf }: Runtime, frames: Tensor): Tensor {
  const last = frames.rank - 1;
  const order = Array.from({ length: frames.rank }, (_, axis) => axis);
  order[last] = last - 1;
  order[last - 1] = last;
  return tf.mul(tf.transpose(frames, order), tf.outerProduct(tf.tensor1d(signs), tf.tensor1d(signs)));
}

/** g L: gives tensors with lowered indices, so that a plain product with raised ones is Minkowski's. @param frames [..., 4, 4] */
export function withLoweredRows({ tf }: Runtime, frames: Tensor): Tensor {
  return tf.mul(frames, tf.tensor2d(signs, [4, 1]));
}

/** Each momentum in its frame: L p. @param frames [M, 4, 4] @param p [M, 4] or [M, K, 4] */
export function inFrame({ tf }: Runtime, frames: Tensor, p: Tensor): Tensor {
  const rows = p.rank === 2 ? tf.expandDims(p, 1) : p;
  const local = tf.matMul(rows, frames, false, true);
  return p.rank === 2 ? tf.squeeze(local, [1]) : local;
}

/** M identity frames, [M, 4, 4]. */
export function identityFrames({ tf }: Runtime, count: number): Tensor {
  return tf.tile(tf.expandDims(tf.eye(4), 0), [count, 1, 1]);
}

/** Determinants, [M]: Laplace's expansion by the first two rows. @param frames [M, 4, 4] */
export function determinant(runtime: Runtime, frames: Tensor): Tensor {
  const { tf } = runtime;
  const rows = tf.unstack(frames, 1).map((row) => components(runtime, row));
  const minor = (upper: Tensor[], lower: Tensor[], i: number, j: number): Tensor =>
    tf.sub(tf.mul(upper[i]!, lower[j]!), tf.mul(upper[j]!, lower[i]!));
  const terms = [
    [0, 1, 2, 3, 1],
    [0, 2, 1, 3, -1],
    [0, 3, 1, 2, 1],
    [1, 2, 0, 3, 1],
    [1, 3, 0, 2, -1],
    [2, 3, 0, 1, 1],
  ] as const;
  return tf.addN(
    terms.map(([i, j, k, l, sign]) =>
      tf.mul(tf.mul(minor(rows[0]!, rows[1]!, i, j), minor(rows[2]!, rows[3]!, k, l)), sign),
    ),
  );
}
