/** Distances of all pairs in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * r[i, j] = |x[i] - y[j]|, by differences: squares of norms less a product would cancel where points are near. The gradient at distance
 * 0 is 0.
 * @param inputs x `[n, d]`, y `[m, d]`
 * @returns `[n, m]`
 */
export function pairwiseDistancesReference({ tf }: Pick<Runtime, 'tf'>, [x, y]: readonly Tensor[]): Tensor {
  const squares = tf.sum(tf.square(tf.sub(tf.expandDims(x!, 1), tf.expandDims(y!, 0))), 2);
  const apart = tf.notEqual(squares, 0);
  const zeros = tf.zerosLike(squares);
  return tf.where(apart, tf.sqrt(tf.where(apart, squares, tf.onesLike(squares))), zeros);
}
