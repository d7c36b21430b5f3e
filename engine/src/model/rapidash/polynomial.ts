/** Tensor powers of the kernel's arguments, and the radial window. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * Tensor powers 1 to degree + 1 without de-duplication, one after the other; in a power the new factor is the
 * fastest index: for (a, b): a, b, aa, ab, ba, bb, aaa, aab, ...
 * @param x [rows, n]
 * @returns [rows, n + n^2 + ... + n^(degree + 1)]
 */
export function polynomialFeatures({ tf }: Runtime, x: Tensor, degree: number): Tensor {
  const inputs = x.shape.at(-1)!;
  const powers = [x];
  for (let power = 2; power <= degree + 1; power++) {
    const last = powers.at(-1)!;
    if (inputs === 1) {
      powers.push(tf.mul(last, x));
      continue;
    }
    const size = last.shape.at(-1)!;
    // Columns are repeated by products with 0/1 matrices: exact, and much faster than broadcasting along tiny axes.
    const slow = tf.reshape(tf.tile(tf.expandDims(tf.eye(size), 2), [1, 1, inputs]), [size, size * inputs]);
    const fast = tf.tile(tf.eye(inputs), [1, size]);
    powers.push(tf.mul(tf.matMul(last, slow), tf.matMul(x, fast)));
  }
  return powers.length === 1 ? x : tf.concat(powers, -1);
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
