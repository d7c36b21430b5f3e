/**
 * What convolutions of images cost. They are the library's own operations (`tf.conv2d`, `tf.depthwiseConv2d`, `tf.conv1d`), whose
 * kernels on wasm are replaced: see `tensor/simd/convolution.ts` and `engine/assembly`.
 */
import type { Precision } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';

/** Sizes of a convolution: x `[batch, height, width, inputs]`, a filter of `taps` pixels, y `[batch, outHeight, outWidth, outputs]`. */
export interface ConvolutionSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
  readonly taps: number;
}

function bytes(sizes: ConvolutionSizes, weights: number, precision: Precision): number {
  const { batch, height, width, inputs, outHeight, outWidth, outputs } = sizes;
  return (batch * (height * width * inputs + outHeight * outWidth * outputs) + weights) * bytesOf[precision];
}

/**
 * A multiplication and an addition for each place, tap and pair of channels. Each of the two gradients costs the same; the columns, which are
 * written and read once a tile, stay in the second cache.
 */
export function convolutionCost(sizes: ConvolutionSizes, precision: Precision): Cost {
  const weights = sizes.taps * sizes.inputs * sizes.outputs;
  const places = sizes.batch * sizes.outHeight * sizes.outWidth;
  return { flops: 2 * places * weights, bytes: bytes(sizes, weights, precision) };
}

/** A multiplication and an addition for each place, tap and channel of the result; so each of the two gradients. */
export function depthwiseConvolutionCost(sizes: ConvolutionSizes, precision: Precision): Cost {
  const weights = sizes.taps * sizes.outputs;
  const places = sizes.batch * sizes.outHeight * sizes.outWidth;
  return { flops: 2 * places * weights, bytes: bytes(sizes, weights, precision) };
}
