/** Gradients of the equivariant product for what is data as a rule: matrices, statistics and the weights of the knots. Plain operations. */
import type { Tensor, TensorLibrary } from '../../tensor/runtime.ts';

/** Functions for [weights, ...statistics, ...matrices], each called only where its gradient is wanted. */
export function dataGradients(
  tf: TensorLibrary,
  m: Tensor,
  dy: Tensor,
  [entries, vectors, weights, ...knots]: readonly Tensor[],
): (() => Tensor)[] {
  const count = knots.length / 2;
  const [batch, nodes] = m.shape as [number, number];
  const numbers = knots[0]!.shape[2]!;
  const [statistics, matrices] = [knots.slice(0, count), knots.slice(count)];
  const weight = (knot: number, part: number): Tensor =>
    tf.reshape(tf.slice(weights!, [knot, 0, part], [1, batch, 1]), [batch, 1, 1]);
  /** The slope in the matrix of the value (part 0) or of the derivative (part 1). */
  const inMatrix = (part: number): Tensor => {
    const pairs = tf.matMul(dy, m, false, true);
    const entry = (place: number): Tensor => tf.reshape(tf.slice(entries!, place, 1), [1, 1, 1]);
    return tf.add(tf.mul(pairs, entry(part)), tf.mul(tf.transpose(pairs, [0, 2, 1]), entry(2 + part)));
  };
  const inStatistics = (part: number): Tensor => {
    const along = (x: Tensor, y: Tensor): Tensor => tf.sum(tf.mul(x, y), 2);
    const slopes = tf.stack([along(dy, m), along(dy, tf.sum(m, 1, true)), along(m, tf.sum(dy, 1, true))], 2);
    const rows = tf.slice(vectors!, [part * numbers, 0], [numbers, 3]);
    const flat = tf.matMul(tf.reshape(slopes, [batch * nodes, 3]), rows, false, true);
    return tf.reshape(flat, [batch, nodes, numbers]);
  };
  const both = (knot: number, slope: (part: number) => Tensor): Tensor =>
    tf.tidy(() => tf.add(tf.mul(weight(knot, 0), slope(0)), tf.mul(weight(knot, 1), slope(1))));
  return [
    () =>
      tf.tidy(() => {
        const share = (knot: number, part: number): Tensor =>
          tf.add(
            tf.sum(tf.mul(matrices[knot]!, inMatrix(part)), [1, 2]),
            tf.sum(tf.mul(statistics[knot]!, inStatistics(part)), [1, 2]),
          );
        return tf.stack(matrices.map((_, knot) => tf.stack([share(knot, 0), share(knot, 1)], 1)));
      }),
    ...statistics.map((_, knot) => () => both(knot, inStatistics)),
    ...matrices.map((_, knot) => () => both(knot, inMatrix)),
  ];
}
