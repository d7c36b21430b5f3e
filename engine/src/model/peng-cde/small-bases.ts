/**
 * The equivariant linear maps between numbers on nodes, matrices and numbers of the whole graph, other than matrix to matrix
 * (maps.ts). Their number is the Bell number of the orders together: 2, 5, 5, and 1 bias or 2. Sums are plain sums here.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

export const vectorMaps = ['vector', 'sum'] as const;
export const vectorToMatrixMaps = [
  'vector on rows',
  'vector on columns',
  'vector on diagonal',
  'sum everywhere',
  'sum on diagonal',
] as const;
export const matrixToVectorMaps = ['diagonal', 'row sums', 'column sums', 'trace', 'total'] as const;

/** p0 x_i + p1 sum x. @param x [..., n] @param p [2] */
export function vectorToVector({ tf }: Runtime, x: Tensor, p: Tensor): Tensor {
  const [own, sum] = tf.unstack(p) as [Tensor, Tensor];
  return tf.add(tf.mul(x, own), tf.mul(tf.sum(x, -1, true), sum));
}

/** @param x [..., n] @param p [5], in the order of vectorToMatrixMaps @returns [..., n, n] */
export function vectorToMatrix({ tf }: Runtime, x: Tensor, p: Tensor): Tensor {
  const [rows, columns, diagonal, everywhere, sumOnDiagonal] = tf.unstack(p) as Tensor[];
  const sum = tf.sum(x, -1, true);
  const spread = tf.add(
    tf.expandDims(tf.add(tf.mul(x, rows!), tf.mul(sum, everywhere!)), -1),
    tf.expandDims(tf.mul(x, columns!), -2),
  );
  const onDiagonal = tf.add(tf.mul(x, diagonal!), tf.mul(sum, sumOnDiagonal!));
  return tf.add(spread, tf.mul(tf.expandDims(onDiagonal, -1), tf.eye(x.shape.at(-1)!)));
}

/** @param matrix [..., n, n] @param p [5], in the order of matrixToVectorMaps @returns [..., n] */
export function matrixToVector({ tf }: Runtime, matrix: Tensor, p: Tensor): Tensor {
  const [own, rows, columns, trace, total] = tf.unstack(p) as Tensor[];
  const diagonal = tf.sum(tf.mul(matrix, tf.eye(matrix.shape.at(-1)!)), -1);
  const rowSums = tf.sum(matrix, -1);
  const nodes = [tf.mul(diagonal, own!), tf.mul(rowSums, rows!), tf.mul(tf.sum(matrix, -2), columns!)];
  const graph = tf.add(tf.mul(tf.sum(diagonal, -1, true), trace!), tf.mul(tf.sum(rowSums, -1, true), total!));
  return tf.add(tf.addN(nodes), graph);
}
