/** Orthonormalisation in space and in Minkowski space. Gram-Schmidt, and the variant by cross products. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { components, inner, lowered, squaredMass } from './lorentz.ts';

export type Method = 'gramschmidt' | 'cross';

/** Of a double: lengths below it count as zero. */
export const epsilon = 2 ** -52;

/** Keeps the gradient of a root finite at zero; still a number in float32. */
const tiny = 1e-37;

/**
 * Three orthonormal, right-handed rows of two vectors. 'gramschmidt': the first along a, the second in the plane of a and
 * b, the third their normal. 'cross': the second along the normal instead.
 * @param a [M, 3]
 * @param b [M, 3]
 * @returns [M, 3, 3]
 */
export function orthonormalRows(runtime: Runtime, a: Tensor, b: Tensor, method: Method): Tensor {
  const { tf } = runtime;
  const first = unit(runtime, a);
  const other = unit(runtime, b);
  const second =
    method === 'cross'
      ? unit(runtime, cross(runtime, first, other))
      : unit(runtime, tf.sub(other, tf.mul(tf.sum(tf.mul(other, first), 1, true), first)));
  return tf.stack([first, second, cross(runtime, first, second)], 1);
}

/** a x b, by components: [M, 3]. The official code looks for the first axis of length 3, which a batch of three mistakes. */
export function cross(runtime: Runtime, a: Tensor, b: Tensor): Tensor {
  const { tf } = runtime;
  const [ax, ay, az] = components(runtime, a) as [Tensor, Tensor, Tensor];
  const [bx, by, bz] = components(runtime, b) as [Tensor, Tensor, Tensor];
  const minus = (p: Tensor, q: Tensor, r: Tensor, s: Tensor): Tensor => tf.sub(tf.mul(p, q), tf.mul(r, s));
  return tf.stack([minus(ay, bz, az, by), minus(az, bx, ax, bz), minus(ax, by, ay, bx)], 1);
}

/** Divided by its length, or by epsilon if that is more. */
function unit({ tf }: Runtime, a: Tensor): Tensor {
  const length = tf.sqrt(tf.maximum(tf.sum(tf.square(a), 1, true), tiny));
  return tf.div(a, tf.maximum(length, epsilon));
}

/**
 * The frame of three four-vectors by Minkowski Gram-Schmidt (section 2.3 of the method) or by repeated Minkowski cross
 * products. Rows are orthonormal in the metric; the first is timelike when the first vector is.
 * @param vectors three of [M, 4]
 * @returns [M, 4, 4]
 */
export function minkowskiFrames(runtime: Runtime, vectors: readonly Tensor[], method: Method): Tensor {
  const { tf } = runtime;
  const [v0, v1, v2] = vectors.map((vector) => unitFour(runtime, vector)) as [Tensor, Tensor, Tensor];
  const without = (v: Tensor, e: Tensor): Tensor =>
    tf.sub(
      v,
      tf.mul(e, tf.expandDims(tf.div(inner(runtime, v, e), tf.add(squaredMass(runtime, e), epsilon)), 1)),
    );
  const next = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
    unitFour(runtime, minkowskiCross(runtime, a, b, c));
  const e1 = method === 'cross' ? next(v0, v1, v2) : unitFour(runtime, without(v1, v0));
  const e2 = method === 'cross' ? next(v0, e1, v2) : unitFour(runtime, without(without(v2, v0), e1));
  const rows = tf.stack([v0, e1, e2, next(v0, e1, e2)], 1);
  // Lowered on both sides, so that the unit vectors give the identity.
  return tf.mul(lowered(runtime, rows), tf.tensor2d([1, -1, -1, -1], [4, 1]));
}

/**
 * The vector that is orthogonal to three others: the Levi-Civita product with its index raised. Component n is (-1)^n times
 * the determinant of the others, spatial ones negated.
 * @param a [M, 4], like b and c
 */
export function minkowskiCross(runtime: Runtime, a: Tensor, b: Tensor, c: Tensor): Tensor {
  const { tf } = runtime;
  const rows = [a, b, c].map((vector) => components(runtime, vector));
  const minor = (n: number): Tensor => {
    const [p, q, r] = rows.map((row) =>
      tf.stack(
        row.filter((_, axis) => axis !== n),
        1,
      ),
    );
    return tf.sum(tf.mul(p!, cross(runtime, q!, r!)), 1);
  };
  return lowered(runtime, tf.stack([minor(0), tf.neg(minor(1)), minor(2), tf.neg(minor(3))], 1));
}

function unitFour(runtime: Runtime, vector: Tensor): Tensor {
  const { tf } = runtime;
  const length = tf.sqrt(tf.maximum(tf.abs(squaredMass(runtime, vector)), tiny));
  return tf.div(vector, tf.expandDims(tf.add(length, epsilon), 1));
}
