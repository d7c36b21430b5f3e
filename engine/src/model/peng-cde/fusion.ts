/**
 * The equivariant fusion of a matrix path and its derivative, applied to node features without an n^4 object: two n x n matrices,
 * their transposes, and three vectors. Forward and gradient cost O(n^2) a channel.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Mixing } from './mixing.ts';

/** The path at one time. */
export interface PathPoint {
  /** [B, n, n] */
  readonly value: Tensor;
  /** [B, n, n] */
  readonly derivative: Tensor;
  /** [B, n, 5] each: see statisticsOf */
  readonly valueStatistics: Tensor;
  readonly derivativeStatistics: Tensor;
}

/**
 * F M with F = E + diag(v) + u 1^T + 1 w^T: F M = E M + v * M + u (1^T M) + 1 (w^T M).
 * @param messages [B, n, d]
 * @returns [B, n, d]
 */
export function fusedProduct(runtime: Runtime, point: PathPoint, mixing: Mixing, messages: Tensor): Tensor {
  const { tf } = runtime;
  const { v, u, w } = vectorsOf(runtime, point, mixing);
  const sums = tf.sum(messages, 1, true);
  const weighted = tf.matMul(w, messages, true, false);
  const product = tf.matMul(entriesOf(runtime, point, mixing), messages);
  return tf.add(tf.add(product, tf.mul(v, messages)), tf.add(tf.matMul(u, sums), weighted));
}

/** F itself, [B, n, n]: what a picture or a comparison needs; the network uses fusedProduct. */
export function fusedMatrix(runtime: Runtime, point: PathPoint, mixing: Mixing): Tensor {
  const { tf } = runtime;
  const { v, u, w } = vectorsOf(runtime, point, mixing);
  const everywhere = tf.add(u, tf.transpose(w, [0, 2, 1]));
  const diagonal = tf.mul(v, tf.eye(point.value.shape[1]!));
  return tf.add(entriesOf(runtime, point, mixing), tf.add(everywhere, diagonal));
}

/** E, [B, n, n]. */
function entriesOf({ tf }: Runtime, { value, derivative }: PathPoint, { matrix, transpose }: Mixing): Tensor {
  const straight = tf.add(tf.mul(value, matrix.value), tf.mul(derivative, matrix.derivative));
  const turned = tf.add(tf.mul(value, transpose.value), tf.mul(derivative, transpose.derivative));
  return tf.add(straight, tf.transpose(turned, [0, 2, 1]));
}

/** v, u and w, each [B, n, 1]. */
function vectorsOf({ tf }: Runtime, point: PathPoint, { vectors }: Mixing): Record<'v' | 'u' | 'w', Tensor> {
  const { valueStatistics, derivativeStatistics } = point;
  const [batch, nodes] = valueStatistics.shape as [number, number];
  const all = tf.concat([valueStatistics, derivativeStatistics, tf.ones([batch, nodes, 1])], 2);
  const rows = tf.matMul(tf.reshape(all, [batch * nodes, -1]), vectors);
  const [v, u, w] = tf.split(tf.reshape(rows, [batch, nodes, 3]), 3, 2) as [Tensor, Tensor, Tensor];
  return { v, u, w };
}
