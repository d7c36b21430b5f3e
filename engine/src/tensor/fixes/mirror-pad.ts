/** The gradient of mirrorPad; the library's forgets the copies in the borders. */
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/** Registers the gradient: every entry of x receives the gradients of all its copies. */
export function fixMirrorPadGradient(tf: TensorLibrary): void {
  const gradient: GradConfig = {
    kernelName: 'MirrorPad',
    inputsToSave: ['x'],
    gradFunc: (dy, _saved, attrs) => {
      const { paddings, mode } = attrs as unknown as { paddings: [number, number][]; mode: string };
      // 'reflect' leaves the border entry itself out, 'symmetric' repeats it.
      const skip = mode === 'reflect' ? 1 : 0;
      return {
        x: () =>
          paddings.reduce((d, [before, after], axis) => fold(tf, d, axis, before, after, skip), dy as Tensor),
      };
    },
  };
  tf.registerGradient(gradient);
}

/** Undoes the padding of one axis: the centre plus both borders, reversed, where they came from. */
function fold(
  tf: TensorLibrary,
  dy: Tensor,
  axis: number,
  before: number,
  after: number,
  skip: number,
): Tensor {
  const size = dy.shape[axis]! - before - after;
  const piece = (start: number, length: number) => {
    const begin = dy.shape.map((_, i) => (i === axis ? start : 0));
    const extent = dy.shape.map((n, i) => (i === axis ? length : n));
    return tf.slice(dy, begin, extent);
  };
  const placed = (border: Tensor, start: number) => {
    const length = border.shape[axis]!;
    const pads = dy.shape.map((_, i): [number, number] =>
      i === axis ? [start, size - start - length] : [0, 0],
    );
    return tf.pad(tf.reverse(border, axis), pads);
  };
  let dx = piece(before, size);
  if (before > 0) dx = tf.add(dx, placed(piece(0, before), skip));
  if (after > 0) dx = tf.add(dx, placed(piece(before + size, after), size - skip - after));
  return dx;
}
