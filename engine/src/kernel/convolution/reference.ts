/** Convolutions of images as sums over the taps of the filter, in plain operations: what the library's conv2d is held against. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** In pixels; of `pad` that many zeros above and below, left and right. */
export interface ConvolutionOptions {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pad: readonly [readonly [number, number], readonly [number, number]];
}

/**
 * y[b, oy, ox, :] = sum over i, j of x[b, oy sy + i dy - top, ox sx + j dx - left, :] filter[i, j].
 * @param x `[B, H, W, C]`
 * @param filter `[kh, kw, C, N]`
 * @returns `[B, OH, OW, N]`
 */
export function convolutionReference(
  runtime: Pick<Runtime, 'tf'>,
  x: Tensor,
  filter: Tensor,
  options: ConvolutionOptions,
): Tensor {
  const { tf } = runtime;
  return ofTaps(runtime, x, filter, options, (seen, tap) => {
    const rows = tf.reshape(seen, [-1, seen.shape[3]!]);
    return tf.reshape(tf.matMul(rows, tap), [...seen.shape.slice(0, 3), tap.shape[1]!]);
  });
}

/**
 * The same for each channel of x alone, with M results.
 * @param x `[B, H, W, C]`
 * @param filter `[kh, kw, C, M]`
 * @returns `[B, OH, OW, C M]`
 */
export function depthwiseReference(
  runtime: Pick<Runtime, 'tf'>,
  x: Tensor,
  filter: Tensor,
  options: ConvolutionOptions,
): Tensor {
  const { tf } = runtime;
  return ofTaps(runtime, x, filter, options, (seen, tap) => {
    return tf.reshape(tf.mul(tf.expandDims(seen, 4), tap), [...seen.shape.slice(0, 3), tap.size]);
  });
}

function ofTaps(
  { tf }: Pick<Runtime, 'tf'>,
  x: Tensor,
  filter: Tensor,
  { strides, dilations, pad }: ConvolutionOptions,
  product: (seen: Tensor, tap: Tensor) => Tensor,
): Tensor {
  const padded = tf.pad(x, [[0, 0], [...pad[0]], [...pad[1]], [0, 0]]);
  const [kh, kw, c, n] = filter.shape as [number, number, number, number];
  const [height, width] = [0, 1].map((axis) => {
    const reach = ([kh, kw][axis]! - 1) * dilations[axis]!;
    return Math.floor((padded.shape[axis + 1]! - reach - 1) / strides[axis]!) + 1;
  }) as [number, number];
  const terms: Tensor[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const [y, left] = [i * dilations[0], j * dilations[1]];
      const end = [y + (height - 1) * strides[0] + 1, left + (width - 1) * strides[1] + 1];
      const [batch, channels] = [x.shape[0]!, x.shape[3]!];
      const steps = [1, ...strides, 1];
      const seen = tf.stridedSlice(padded, [0, y, left, 0], [batch, ...end, channels], steps);
      terms.push(product(seen, tf.reshape(tf.slice(filter, [i, j, 0, 0], [1, 1, c, n]), [c, n])));
    }
  }
  return tf.addN(terms);
}
