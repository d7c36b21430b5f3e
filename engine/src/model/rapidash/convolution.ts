/**
 * The separable convolution (section 2.4 of the method): a sum over neighbours with a kernel for each
 * channel, then a mean over orientations. Kernels are linear in the basis.
 */

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
  const width = shape.reduce((a, b) => a * b, 1);
  let sent = tf.reshape(rowsAt(runtime, tf.reshape(x, [-1, width]), links.senders), [count, ...shape]);
  if (edges) sent = linear(runtime, tf.concat([sent, edges.attributes], -1), edges.weight);
  const kernel = tf.reshape(linear(runtime, basis, weight), [count, ...shape]);
  const messages = tf.reshape(tf.mul(sent, kernel), [count, width]);
  return tf.reshape(sumOfRows(runtime, messages, links.receivers, receivers), [receivers, ...shape]);
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
  const summed = productsPerFold(
    runtime,
    tf.reshape(basis, [folds, points, points * basisSize]),
    tf.reshape(weighted, [folds, points * basisSize, channels]),
  );
  const back = tf.transpose(tf.reshape(summed, [orientations, clouds, points, channels]), [1, 2, 0, 3]);
  return tf.reshape(back, x.shape);
}

/** Multiply-adds above which the wasm backend's product of two matrices beats its product of two stacks. */
const worthSplitting = 1e5;

/** [folds, n, k] times [folds, k, C]. */
function productsPerFold(runtime: Runtime, a: Tensor, b: Tensor): Tensor {
  const { tf, backend } = runtime;
  const size = a.shape.slice(1).reduce((x, y) => x * y, b.shape[2]!);
  if (backend.name !== 'wasm' || size < worthSplitting) return tf.matMul(a, b);
  // Only its product of two plain matrices is vectorised: many times as fast, even with the copies around it.
  const split = (left: Tensor, right: Tensor): Tensor => {
    const fold = (stack: Tensor, index: number): Tensor =>
      tf.squeeze(rowsAt(runtime, stack, Int32Array.of(index)), [0]);
    const products = Array.from({ length: left.shape[0]! }, (_, index) =>
      tf.matMul(fold(left, index), fold(right, index)),
    );
    return tf.stack(products);
  };
  if (a.shape[0] === 1) return tf.expandDims(tf.matMul(tf.squeeze(a, [0]), tf.squeeze(b, [0])), 0);
  const multiply = tf.customGrad((left, right, save) => {
    const [x, y] = [left as Tensor, right as Tensor];
    (save as (tensors: Tensor[]) => void)([x, y]);
    return {
      value: split(x, y),
      gradFunc: (dy: Tensor, [savedX, savedY]: Tensor[]) => [
        split(dy, tf.transpose(savedY!, [0, 2, 1])),
        split(tf.transpose(savedX!, [0, 2, 1]), dy),
      ],
    };
  });
  return multiply(a, b);
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
  if (!mixing) {
    // One product of (points x O) with (O x O) for each channel.
    const perChannel = tf.matMul(tf.transpose(x1, [2, 0, 1]), tf.transpose(kernel, [2, 1, 0]));
    return tf.transpose(perChannel, [1, 2, 0]);
  }
  const outputs = weight.shape[0]! / channels;
  const split = tf.reshape(kernel, [orientations, orientations, outputs, channels]);
  const matrix = tf.reshape(tf.transpose(split, [1, 3, 0, 2]), [
    orientations * channels,
    orientations * outputs,
  ]);
  const mixed = tf.matMul(tf.reshape(x1, [points, orientations * channels]), matrix);
  return tf.reshape(mixed, [points, orientations, outputs]);
}
