/** What the equivariant maps need of a matrix besides its entries: a few numbers a node. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Of each node: its row sum / n, column sum / n, diagonal entry; of the graph, on every node: total / n^2, trace / n. */
export const statisticNames = ['row', 'column', 'diagonal', 'total', 'trace'] as const;

/**
 * Linear in the matrix: those of an interpolated matrix are interpolated from those of the knots, so that a solver never
 * sums over a matrix again.
 * @param matrix [..., n, n]
 * @returns [..., n, 5]
 */
export function statisticsOf({ tf }: Runtime, matrix: Tensor): Tensor {
  const n = matrix.shape.at(-1)!;
  const row = tf.mean(matrix, -1);
  const column = tf.mean(matrix, -2);
  const diagonal = tf.sum(tf.mul(matrix, tf.eye(n)), -1);
  const everywhere = (x: Tensor): Tensor => tf.add(tf.mean(x, -1, true), tf.zerosLike(x));
  return tf.stack([row, column, diagonal, everywhere(row), everywhere(diagonal)], -1);
}
