/**
 * The gradients of ResizeBilinear and ResizeNearestNeighbor. The library's exchange height and width, leave out
 * halfPixelCenters, and read the wrong rows of all images but the first.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

interface Attributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Registers both. Resizing is a matrix along each axis; its gradient is the transposed one. */
export function fixResizeGradients(tf: TensorLibrary): void {
  for (const [kernelName, weights] of [
    ['ResizeBilinear', bilinear],
    ['ResizeNearestNeighbor', nearest],
  ] as const) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ['images'],
      gradFunc: (dy, [images], attrs) => ({
        images: () => {
          const [batch, height, width, depth] = images!.shape as [number, number, number, number];
          const [, rows, columns] = (dy as Tensor).shape as [number, number, number, number];
          const matrix = (from: number, to: number): Tensor =>
            tf.tensor(weights(from, to, attrs as unknown as Attributes), [to, from], 'float32');
          const wide = tf.reshape(dy as Tensor, [batch, rows, columns * depth]);
          const high = tf.matMul(tf.expandDims(matrix(height, rows), 0), wide, true, false);
          const lines = tf.reshape(high, [batch * height, columns, depth]);
          const result = tf.matMul(tf.expandDims(matrix(width, columns), 0), lines, true, false);
          return tf.reshape(result, images!.shape);
        },
      }),
    });
  }
}

/** How many entries of the image one of the result moves on by. */
function ratio(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** Row r has the weights of the entries between which r lies. [to, from] */
function bilinear(from: number, to: number, { alignCorners, halfPixelCenters }: Attributes): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let r = 0; r < to; r++) {
    const step = ratio(from, to, alignCorners);
    const place = halfPixelCenters ? step * (r + 0.5) - 0.5 : step * r;
    const first = Math.max(0, Math.floor(place));
    const second = Math.min(from - 1, Math.ceil(place));
    matrix[r * from + first]! += 1 - (place - first);
    matrix[r * from + second]! += place - first;
  }
  return matrix;
}

/** Row r has a one at the entry that r takes. [to, from] */
function nearest(from: number, to: number, { alignCorners, halfPixelCenters }: Attributes): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let r = 0; r < to; r++) {
    const place = ratio(from, to, alignCorners) * (halfPixelCenters ? r + 0.5 : r);
    const index = alignCorners ? Math.round(place) : Math.floor(place);
    matrix[r * from + Math.min(from - 1, Math.max(0, index))] = 1;
  }
  return matrix;
}
