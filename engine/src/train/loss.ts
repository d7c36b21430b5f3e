/** Losses: differentiable sums over rows, so that a batch can be worked off in parts. */
import { real } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import type { LossName } from './training.ts';

/**
 * The loss summed over rows (cross entropy), or over rows and columns divided by the width (the others): divide by the
 * number of rows to get the mean.
 * - cross_entropy: log sum exp(x) - x_class, natural logarithm
 * - l1: |d|; mse and denoising: d^2; huber: d^2 / 2 up to |d| = 1, |d| - 1/2 beyond, with d = predicted - target
 *
 * @param predicted [rows, width]: logits, or numbers
 * @param target class numbers [rows], or numbers [rows, width]
 * @param weights a factor for each row [rows], of losses on numbers
 */
export function lossSum(
  runtime: Runtime,
  name: LossName,
  predicted: Tensor,
  target: Float64Array,
  weights?: Float64Array,
): Tensor {
  const { tf } = runtime;
  const [rows, width] = predicted.shape as [number, number];
  if (name === 'cross_entropy') {
    const chosen = new Float64Array(rows * width);
    for (const [row, category] of target.entries()) chosen[row * width + category] = 1;
    const logits = tf.sum(tf.mul(predicted, runtime.tensor(real([rows, width], chosen))));
    return tf.sub(tf.sum(tf.logSumExp(predicted, 1)), logits);
  }
  const difference = tf.sub(predicted, runtime.tensor(real([rows, width], target)));
  const each = penalty(runtime, name, difference);
  const weighted = weights ? tf.mul(each, runtime.tensor(real([rows, 1], weights))) : each;
  return tf.div(tf.sum(weighted), width);
}

function penalty({ tf }: Runtime, name: LossName, difference: Tensor): Tensor {
  if (name === 'mse' || name === 'denoising') return tf.square(difference);
  const size = tf.abs(difference);
  if (name === 'l1') return size;
  const near = tf.minimum(size, 1);
  return tf.add(tf.mul(tf.square(near), 0.5), tf.sub(size, near));
}
