/**
 * The gradient of matMul, also where one matrix is multiplied with a stack of others: the library's then has the shape
 * of the stack and is refused.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { summedTo } from './summed.ts';

/** Registers the gradient of BatchMatMul. */
export function fixMatmulGradient(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [Tensor, Tensor];
      const { transposeA: ta, transposeB: tb } = attributes as unknown as Record<string, boolean>;
      const d = dy as Tensor;
      return {
        a: () => summedTo(tf, ta ? tf.matMul(b, d, tb, true) : tf.matMul(d, b, false, !tb), a.shape),
        b: () => {
          const isShared = tf.util.sizeFromShape(b.shape.slice(0, -2)) === 1;
          // One product over all rows of the stack instead of a sum of products.
          const rows = (x: Tensor): Tensor => tf.reshape(x, [-1, x.shape.at(-1)!]);
          const [x, y] = isShared && !ta ? [rows(a), rows(d)] : [a, d];
          return summedTo(tf, tb ? tf.matMul(y, x, true, ta) : tf.matMul(x, y, !ta, false), b.shape);
        },
      };
    },
  });
}
