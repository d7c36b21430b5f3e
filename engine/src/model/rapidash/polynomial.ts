/** Tensor powers of the kernel's arguments, and the radial window. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * Tensor powers 1 to degree + 1 without de-duplication, one after the other; in a power the new factor is the
 * fastest index: for (a, b): a, b, aa, ab, ba, bb, aaa, aab, ...
 * @param x n arrays of one shape
 * @returns [rows, n + n^2 + ... + n^(degree + 1)] with the shape made flat
 */
export function polynomialFeatures({ tf }: Runtime, x: readonly Tensor[], degree: number): Tensor {
  const inputs = x.map((part) => tf.reshape(part, [-1]));
  const columns = [...inputs];
  let power = inputs;
  for (let exponent = 2; exponent <= degree + 1; exponent++) {
    power = power.flatMap((product) => inputs.map((input) => tf.mul(product, input)));
    columns.push(...power);
  }
  return tf.transpose(tf.stack(columns));
}

/**
 * 1 - 28 q^6 + 48 q^7 - 21 q^8 with q = distance / radius, and 0 from the radius on: smooth up to its second derivative
 * (the polynomial envelope of DimeNet, Gasteiger et al. 2020, with p = 6).
 * @param distance any shape, in the radius' unit
 */
export function radialWindow({ tf }: Runtime, distance: Tensor, radius: number): Tensor {
  const q = tf.div(distance, radius);
  const sixth = tf.square(tf.mul(tf.square(q), q));
  // 1 - q^6 (28 - 48 q + 21 q^2)
  const bracket = tf.add(tf.mul(tf.sub(tf.mul(q, 21), 48), q), 28);
  return tf.mul(tf.sub(1, tf.mul(sixth, bracket)), tf.step(tf.sub(1, q)));
}
