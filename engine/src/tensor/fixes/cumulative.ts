/**
 * The gradients of Cumprod, which the library has on no backend (the second one of a product over an axis needs it), and of
 * Cumsum, which the library moves to another axis unless it is the last.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/**
 * Registers both. Of a product, dx_i = (product of x before i) * (sum over k >= i of dy_k times the product of x between i and k): no
 * division, so zeros are no exception. Memory grows with the square of the axis.
 */
export function fixCumulativeGradients(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'Cumprod',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as Attributes;
      return {
        x: () => alongLast(tf, x!, dy as Tensor, axis, (a, d) => gradient(tf, a, d, exclusive, reverse)),
      };
    },
  });
  tf.registerGradient({
    kernelName: 'Cumsum',
    gradFunc: (dy, _saved, attrs) => {
      const { axis, exclusive, reverse } = attrs as unknown as Attributes;
      return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
    },
  });
}

interface Attributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Runs `work` on both as rows of this axis. */
function alongLast(
  tf: TensorLibrary,
  x: Tensor,
  dy: Tensor,
  axis: number,
  work: (rows: Tensor, dys: Tensor) => Tensor,
): Tensor {
  const order = [...x.shape.keys()].filter((i) => i !== axis);
  const perm = [...order, axis];
  const back = [...x.shape.keys()].map((i) => perm.indexOf(i));
  const rows = (t: Tensor): Tensor => tf.reshape(tf.transpose(t, perm), [-1, x.shape[axis]!]);
  const result = work(rows(x), rows(dy));
  return tf.transpose(
    tf.reshape(
      result,
      perm.map((i) => x.shape[i]!),
    ),
    back,
  );
}

function gradient(tf: TensorLibrary, x: Tensor, dy: Tensor, exclusive: boolean, reverse: boolean): Tensor {
  if (reverse) return tf.reverse(gradient(tf, tf.reverse(x, 1), tf.reverse(dy, 1), exclusive, false), 1);
  const [rows, size] = x.shape as [number, number];
  // An exclusive product is the inclusive one, moved on by a place.
  const d = exclusive
    ? tf.pad(tf.slice(dy, [0, 1], [rows, size - 1]), [
        [0, 0],
        [0, 1],
      ])
    : dy;
  const place = tf.range(0, size, 1, 'int32');
  const isAfter = tf.cast(tf.greater(tf.expandDims(place, 0), tf.expandDims(place, 1)), 'float32');
  // between[r, i, k] is the product of x[r, j] over i < j <= k, and 0 for k < i.
  const factors = tf.add(tf.mul(tf.expandDims(x, 1), isAfter), tf.sub(1, isAfter));
  const isFrom = tf.cast(tf.greaterEqual(tf.expandDims(place, 0), tf.expandDims(place, 1)), 'float32');
  const between = tf.mul(tf.cumprod(factors, 2), isFrom);
  const later = tf.sum(tf.mul(between, tf.expandDims(d, 1)), 2);
  return tf.mul(tf.cumprod(x, 1, true), later);
}
