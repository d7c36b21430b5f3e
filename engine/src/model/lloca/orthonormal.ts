/** Orthonormalisation in space and in Minkowski space. Gram-Schmidt, and the variant by cross products. */
import { lorentzFrames } from '../../kernel/lorentz-frames/index.ts';
import { epsilon, minkowskiCross, tiny, unitFour } from '../../kernel/lorentz-frames/reference.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { components, lowered } from './lorentz.ts';

export type Method = 'gramschmidt' | 'cross';

export { epsilon, minkowskiCross };

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
  if (method === 'gramschmidt') return lorentzFrames(runtime, tf.stack([...vectors], 1));
  const [v0, v1, v2] = vectors.map((vector) => unitFour(runtime, vector)) as [Tensor, Tensor, Tensor];
  const next = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
    unitFour(runtime, minkowskiCross(runtime, a, b, c));
  const e1 = next(v0, v1, v2);
  const e2 = next(v0, e1, v2);
  const rows = tf.stack([v0, e1, e2, next(v0, e1, e2)], 1);
  // Lowered on both sides, so that the unit vectors give the identity.
  return tf.mul(lowered(runtime, rows), tf.tensor2d([1, -1, -1, -1], [4, 1]));
}
