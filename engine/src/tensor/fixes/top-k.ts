/** The gradient of TopK, which the library has on no backend. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/** Registers the gradient: each value's goes to the entry that was taken. Indices pass nothing on. */
export function fixTopKGradient(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'TopK',
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, indices]) => ({
      x: () => {
        const dy = (dys as unknown as Tensor[])[0]!;
        const size = x!.shape.at(-1)!;
        const rows = x!.size / size;
        const first = tf.reshape(tf.range(0, x!.size, size, 'int32'), [rows, 1]);
        const ids = tf.reshape(tf.add(tf.reshape(indices!, [rows, -1]), first), [-1]);
        const sums = tf.unsortedSegmentSum(tf.reshape(dy, [-1]), ids as never, x!.size);
        return tf.reshape(sums, x!.shape);
      },
    }),
  });
}
