/** The gradient of StridedSlice, which the library has on no backend. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

type Masks = Readonly<
  Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>
>;
type Attributes = Masks & Readonly<Record<'begin' | 'end' | 'strides', number[]>>;

/** Registers the gradient: what was taken goes back where it was, and zeros between. */
export function fixStridedSliceGradient(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'StridedSlice',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { begin, end, strides, ...masks } = attrs as unknown as Attributes;
      return {
        x: () => {
          const taken = tf.slice_util.sliceInfo(
            x!.shape,
            begin,
            end,
            strides,
            masks.beginMask,
            masks.endMask,
            masks.ellipsisMask,
            masks.newAxisMask,
            masks.shrinkAxisMask,
          );
          if ((dy as Tensor).size === 0) return tf.zerosLike(x!);
          // Without the axes that were added, with those that were dropped.
          const counts = x!.shape.map((_, axis) =>
            Math.ceil((taken.end[axis]! - taken.begin[axis]!) / taken.strides[axis]!),
          );
          return counts.reduce(
            (d, count, axis) =>
              spread(tf, d, axis, count, taken.begin[axis]!, taken.strides[axis]!, x!.shape[axis]!),
            tf.reshape(dy as Tensor, counts),
          );
        },
      };
    },
  });
}

/** Puts entry i of an axis at begin + i stride of one of this size. */
export function spread(
  tf: TensorLibrary,
  d: Tensor,
  axis: number,
  count: number,
  begin: number,
  stride: number,
  size: number,
): Tensor {
  if (count === size && stride === 1) return d;
  const forward = stride < 0 ? tf.reverse(d, axis) : d;
  const first = stride < 0 ? begin + (count - 1) * stride : begin;
  const step = Math.abs(stride);
  const [before, after] = [d.shape.slice(0, axis), d.shape.slice(axis + 1)];
  const outer = tf.util.sizeFromShape(before);
  const inner = tf.util.sizeFromShape(after);
  const apart = tf.pad(tf.reshape(forward, [outer, count, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const wide = tf.slice(
    tf.reshape(apart, [outer, count * step, inner]),
    [0, 0, 0],
    [outer, (count - 1) * step + 1, inner],
  );
  const padded = tf.pad(wide, [
    [0, 0],
    [first, size - first - wide.shape[1]!],
    [0, 0],
  ]);
  return tf.reshape(padded, [...before, size, ...after]);
}
