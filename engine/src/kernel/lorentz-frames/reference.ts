/** Lorentz frames by Minkowski Gram-Schmidt, in plain operations. Metric g = diag(1, -1, -1, -1). */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

type Library = Pick<Runtime, 'tf'>;

/** Of a double: added to lengths and squares that are divided by. */
export const epsilon = 2 ** -52;

/** Keeps the gradient of a root finite at zero; still a number in float32. */
export const tiny = 1e-37;

const signs = [1, -1, -1, -1];

/** <a, b> of the last axis, kept as an axis of length one. */
function inner({ tf }: Library, a: Tensor, b: Tensor): Tensor {
  return tf.sum(tf.mul(tf.mul(a, b), tf.tensor1d(signs)), -1, true);
}

/** A four-vector over its Minkowski length, whatever the sign of its square. @param v `[M, 4]` @returns `[M, 4]` */
export function unitFour(runtime: Library, v: Tensor): Tensor {
  const { tf } = runtime;
  const length = tf.sqrt(tf.maximum(tf.abs(inner(runtime, v, v)), tiny));
  return tf.div(v, tf.add(length, epsilon));
}

/**
 * The vector that is orthogonal to three others: the Levi-Civita product with its index raised. Component n is (-1)^n times
 * the determinant of the others, spatial ones negated.
 * @param a `[M, 4]`, like b and c
 * @returns `[M, 4]`
 */
export function minkowskiCross({ tf }: Library, a: Tensor, b: Tensor, c: Tensor): Tensor {
  const rows = [a, b, c].map((vector) => tf.split(vector, 4, 1));
  const minor = (n: number): Tensor => {
    const [p, q, r] = rows.map((row) => row.filter((_, axis) => axis !== n)) as [
      Tensor[],
      Tensor[],
      Tensor[],
    ];
    const two = (i: number, j: number): Tensor => tf.sub(tf.mul(q[i]!, r[j]!), tf.mul(q[j]!, r[i]!));
    return tf.add(tf.sub(tf.mul(p[0]!, two(1, 2)), tf.mul(p[1]!, two(0, 2))), tf.mul(p[2]!, two(0, 1)));
  };
  return tf.concat([minor(0), minor(1), tf.neg(minor(2)), minor(3)], 1);
}

/**
 * Frames of three four-vectors each (LLoCa, arXiv 2505.20280): rows orthonormal in the metric, the first along the first vector,
 * lowered on both sides, so that the unit vectors give the identity.
 * @param inputs vectors `[M, 3, 4]`
 * @returns `[M, 4, 4]`
 */
export function lorentzFramesReference(runtime: Library, [vectors]: readonly Tensor[]): Tensor {
  const { tf } = runtime;
  const [v0, v1, v2] = tf.unstack(vectors!, 1).map((v) => unitFour(runtime, v)) as [Tensor, Tensor, Tensor];
  const without = (v: Tensor, e: Tensor): Tensor =>
    tf.sub(v, tf.mul(e, tf.div(inner(runtime, v, e), tf.add(inner(runtime, e, e), epsilon))));
  const e1 = unitFour(runtime, without(v1, v0));
  const e2 = unitFour(runtime, without(without(v2, v0), e1));
  const e3 = unitFour(runtime, minkowskiCross(runtime, v0, e1, e2));
  const rows = tf.stack([v0, e1, e2, e3], 1);
  return tf.mul(rows, tf.tensor2d(signs.map((row) => signs.map((column) => row * column))));
}
