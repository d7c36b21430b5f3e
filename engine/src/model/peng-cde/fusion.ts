/**
 * The equivariant fusion of a matrix and its derivative at one time, for what has no knots (stored runs, a picture); fields take the
 * kernel itself, with the knots of their path.
 */
import { equivariantProduct, type KnotSum, type MapSum } from '../../kernel/equivariant-product/index.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

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
export function fusedProduct(runtime: Runtime, point: PathPoint, mixing: MapSum, messages: Tensor): Tensor {
  const batch = messages.shape[0]!;
  const each = (...shares: number[]): number[] => Array.from({ length: batch }, () => shares).flat();
  const knots: KnotSum = {
    matrices: [point.value, point.derivative],
    statistics: [point.valueStatistics, point.derivativeStatistics],
    weights: runtime.tensor(real([2, batch, 2], [...each(1, 0), ...each(0, 1)])),
  };
  return equivariantProduct(runtime, knots, mixing, messages);
}

/** F itself, [B, n, n]: what a picture or a comparison needs; the network uses fusedProduct. */
export function fusedMatrix(runtime: Runtime, point: PathPoint, mixing: MapSum): Tensor {
  const { tf } = runtime;
  const { v, u, w } = vectorsOf(runtime, point, mixing);
  const everywhere = tf.add(u, tf.transpose(w, [0, 2, 1]));
  const diagonal = tf.mul(v, tf.eye(point.value.shape[1]!));
  return tf.add(entriesOf(runtime, point, mixing), tf.add(everywhere, diagonal));
}

/** E, [B, n, n]. */
function entriesOf({ tf }: Runtime, { value, derivative }: PathPoint, { entries }: MapSum): Tensor {
  const [a, b, c, d] = tf.split(entries, 4) as [Tensor, Tensor, Tensor, Tensor];
  const straight = tf.add(tf.mul(value, a), tf.mul(derivative, b));
  const turned = tf.add(tf.mul(value, c), tf.mul(derivative, d));
  return tf.add(straight, tf.transpose(turned, [0, 2, 1]));
}

/** v, u and w, each [B, n, 1]. */
function vectorsOf({ tf }: Runtime, point: PathPoint, { vectors }: MapSum): Record<'v' | 'u' | 'w', Tensor> {
  const { valueStatistics, derivativeStatistics } = point;
  const [batch, nodes] = valueStatistics.shape as [number, number];
  const all = tf.concat([valueStatistics, derivativeStatistics, tf.ones([batch, nodes, 1])], 2);
  const rows = tf.matMul(tf.reshape(all, [batch * nodes, -1]), vectors);
  const [v, u, w] = tf.split(tf.reshape(rows, [batch, nodes, 3]), 3, 2) as [Tensor, Tensor, Tensor];
  return { v, u, w };
}
