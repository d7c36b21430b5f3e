/** An affine map in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * y = x W^T + b.
 * @param inputs x `[rows, in]`, weight `[out, in]`, bias `[out]`
 * @returns `[rows, out]`
 */
export function linearReference({ tf }: Pick<Runtime, 'tf'>, [x, weight, bias]: readonly Tensor[]): Tensor {
  return tf.add(tf.matMul(x!, weight!, false, true), bias!);
}
