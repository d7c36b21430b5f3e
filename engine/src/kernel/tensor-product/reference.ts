/** The tensor product of two representations in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** The coefficients that are not zero: entry p couples x's component i[p] and y's j[p] to z's k[p] with value[p]. */
export type Coupling = {
  readonly i: readonly number[];
  readonly j: readonly number[];
  readonly k: readonly number[];
  readonly value: readonly number[];
  /** Number of components of z. */
  readonly size: number;
};

/**
 * z[n, u, k] = sum over i, j of C[i, j, k] x[n, u, i] y[n, j].
 * @param inputs x `[n, U, I]`, y `[n, J]`
 * @returns `[n, U, size]`
 */
export function tensorProductReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, y]: readonly Tensor[],
  { i, j, k, value, size }: Coupling,
): Tensor {
  const [rows, channels, width] = x!.shape as [number, number, number];
  const other = y!.shape[1]!;
  const dense = new Float64Array(width * other * size);
  i.forEach((left, p) => {
    dense[(left * other + j[p]!) * size + k[p]!]! += value[p]!;
  });
  const outer = tf.mul(tf.expandDims(x!, 3), tf.reshape(y!, [rows, 1, 1, other]));
  const flat = tf.reshape(outer, [rows * channels, width * other]);
  return tf.reshape(tf.matMul(flat, tf.tensor(dense, [width * other, size])), [rows, channels, size]);
}
