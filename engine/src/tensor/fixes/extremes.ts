/**
 * The gradients of maximum and minimum, also where one operand is repeated: the library's then has the shape of the
 * result and is refused.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { summedTo } from './summed.ts';

/** Registers both. Where the operands are equal the gradient goes to the first, as in the library. */
export function fixExtremeGradients(tf: TensorLibrary): void {
  for (const kernelName of ['Maximum', 'Minimum']) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (dy, saved) => {
        const [a, b] = saved as [Tensor, Tensor];
        const isFirst = kernelName === 'Maximum' ? tf.greaterEqual(a, b) : tf.lessEqual(a, b);
        const part = (taken: Tensor): Tensor => tf.mul(dy as Tensor, tf.cast(taken, 'float32'));
        return {
          a: () => summedTo(tf, part(isFirst), a.shape),
          b: () => summedTo(tf, part(tf.logicalNot(isFirst)), b.shape),
        };
      },
    });
  }
}
