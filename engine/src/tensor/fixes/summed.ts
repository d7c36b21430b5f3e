/** The gradient of an operand that was repeated to fit another. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/** Sums over the axes along which an operand of this shape was repeated: [..., shape] -> shape. */
export function summedTo(tf: TensorLibrary, gradient: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}
