import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * The slices of a tensor along its first axis. Differentiable also where there is one slice only: the gradient of tf.unstack in TensorFlow.js
 * 4.22 fails there.
 */
export function slicesOf({ tf }: Runtime, x: Tensor): Tensor[] {
  return x.shape[0] === 1 ? [tf.squeeze(x, [0])] : tf.unstack(x);
}
