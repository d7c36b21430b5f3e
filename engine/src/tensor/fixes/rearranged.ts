/** Gradients of operations that only move entries, which the library has on no backend. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/** Registers those of Diag and DepthToSpace. */
export function fixRearrangedGradients(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'Diag',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const size = x!.size;
        const square = tf.reshape(dy as Tensor, [size, size]);
        return tf.reshape(tf.sum(tf.mul(square, tf.eye(size)), 1), x!.shape);
      },
    }),
  });
  tf.registerGradient({
    kernelName: 'DepthToSpace',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { blockSize: b, dataFormat } = attrs as unknown as { blockSize: number; dataFormat: string };
      const isLast = dataFormat === 'NHWC';
      return {
        x: () => {
          const [n, h, w, c] = (isLast ? x!.shape : [0, 2, 3, 1].map((axis) => x!.shape[axis]!)) as [
            number,
            number,
            number,
            number,
          ];
          const d = isLast ? (dy as Tensor) : tf.transpose(dy as Tensor, [0, 2, 3, 1]);
          const blocks = tf.transpose(tf.reshape(d, [n, h, b, w, b, c / (b * b)]), [0, 1, 3, 2, 4, 5]);
          const back = tf.reshape(blocks, [n, h, w, c]);
          return isLast ? back : tf.transpose(back, [0, 3, 1, 2]);
        },
      };
    },
  });
}
