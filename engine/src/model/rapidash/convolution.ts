/**
 * The separable convolution (section 2.4 of the method): a sum over neighbours with a kernel for each
 * channel, then a mean over orientations. Kernels are linear in the basis.
 */

import { fibreStep, spatialStep } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import { rowsAt, sumOfRows } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Route } from './topology.ts';

/**
 * x1_i,o,c = sum over j of x_j,o,c (K b_ij,o)_c; plain sum, no division by the number of neighbours.
 * @param x [senders, O, C], or [senders, C] without orientations
 * @param basis rows of the kernel basis in the order of the route: [edges, O, D] (links) or
 *   [O, clouds, receivers, senders, D] (dense), with O = 1 where there are no orientations
 * @param weight K, [C, D]
 * @param edges numbers on the edges and the matrix [C, C + A] that mixes them into the sender's features;
 *   [edges, O, A] or [edges, A]; links only
 * @returns [receivers, O, C] or [receivers, C]
 */
export function spatialConvolution(
  runtime: Runtime,
  x: Tensor,
  basis: Tensor,
  route: Route,
  weight: Tensor,
  edges?: { readonly attributes: Tensor; readonly weight: Tensor },
): Tensor {
  return route.kind === 'dense'
    ? denseSum(runtime, x, basis, route, weight)
    : linkedSum(runtime, x, basis, route, weight, edges);
}

function linkedSum(
  runtime: Runtime,
  x: Tensor,
  basis: Tensor,
  { links, receivers }: Route & { kind: 'links' },
  weight: Tensor,
  edges?: { readonly attributes: Tensor; readonly weight: Tensor },
): Tensor {
  const { tf } = runtime;
  const count = links.senders.length;
  const shape = x.shape.slice(1);
  if (edges) {
    const width = shape.reduce((a, b) => a * b, 1);
    const rows = tf.reshape(rowsAt(runtime, tf.reshape(x, [-1, width]), links.senders), [count, ...shape]);
    const sent = linear(runtime, tf.concat([rows, edges.attributes], -1), edges.weight);
    const kernel = tf.reshape(linear(runtime, basis, weight), [count, ...shape]);
    const messages = tf.reshape(tf.mul(sent, kernel), [count, width]);
    return tf.reshape(sumOfRows(runtime, messages, links.receivers, receivers), [receivers, ...shape]);
  }
  const orientations = shape.length === 2 ? shape[0]! : 1;
  const channels = shape.at(-1)!;
  const index = (rows: Int32Array): Tensor => tf.tensor1d(rows, 'int32');
  const sums = spatialStep(
    runtime,
    tf.reshape(x, [-1, orientations, channels]),
    tf.reshape(basis, [count, orientations, -1]),
    weight,
    index(links.senders),
    index(links.receivers),
    receivers,
  );
  return tf.reshape(sums, [receivers, ...shape]);
}

/**
 * All pairs at once, without an array of messages: sum_j x_jc sum_d K_cd b_ijd is a matrix product over (j, d) of the
 * basis with x_jc K_cd. The basis is read once, and as it lies.
 */
function denseSum(
  runtime: Runtime,
  x: Tensor,
  basis: Tensor,
  { clouds, points }: Route & { kind: 'dense' },
  weight: Tensor,
): Tensor {
  const { tf } = runtime;
  const [channels, basisSize] = weight.shape as [number, number];
  const orientations = x.shape.length === 3 ? x.shape[1]! : 1;
  const folds = clouds * orientations;
  const perFold = tf.transpose(tf.reshape(x, [clouds, points, orientations, channels]), [2, 0, 1, 3]);
  const weighted = tf.mul(tf.reshape(perFold, [folds * points, 1, channels]), tf.transpose(weight));
  const summed = tf.matMul(
    tf.reshape(basis, [folds, points, points * basisSize]),
    tf.reshape(weighted, [folds, points * basisSize, channels]),
  );
  const back = tf.transpose(tf.reshape(summed, [orientations, clouds, points, channels]), [1, 2, 0, 3]);
  return tf.reshape(back, x.shape);
}

/**
 * x2_i,p,c = (1/O) sum over o of x1_i,o,c (F b'_p,o)_c; mixing sums over the input channels as well.
 * @param x1 [points, O, C]
 * @param basis b', [O, O, D], receiver first
 * @param weight F, [C, D], or [C_out C, D] with C fastest for the mixing form
 * @returns [points, O, C_out]
 */
export function fibreConvolution(
  runtime: Runtime,
  x1: Tensor,
  basis: Tensor,
  weight: Tensor,
  mixing: boolean,
): Tensor {
  const { tf } = runtime;
  const [points, orientations, channels] = x1.shape as [number, number, number];
  const kernel = tf.div(linear(runtime, basis, weight), orientations);
  if (!mixing) return fibreStep(runtime, x1, kernel);
  const outputs = weight.shape[0]! / channels;
  const split = tf.reshape(kernel, [orientations, orientations, outputs, channels]);
  const matrix = tf.reshape(tf.transpose(split, [1, 3, 0, 2]), [
    orientations * channels,
    orientations * outputs,
  ]);
  const mixed = tf.matMul(tf.reshape(x1, [points, orientations * channels]), matrix);
  return tf.reshape(mixed, [points, orientations, outputs]);
}
