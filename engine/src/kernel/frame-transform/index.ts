/** Hidden features of scalars and four-vectors from one frame to another, in one pass over the memory. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type FrameTransformAttributes, frameTransformReference } from './reference.ts';
import { frameTransformOnWasm } from './simd.ts';

const operation: FusedOperation<FrameTransformAttributes> = {
  name: 'NoetherFrameTransform',
  reference: frameTransformReference,
  gradient: (tf, dy, [x, frames], _results, attributes) => [
    () => runKernel(tf, 'NoetherFrameTransformBack', [dy, frames!], attributes),
    () => runKernel(tf, 'NoetherFrameTransformGradient', [x!, dy], attributes),
  ],
  kernels: [frameTransformOnWasm],
};

/**
 * The matrix of its row on every four-vector (Spinner et al. 2025, section 3).
 * @param x `[M, C, S + 4 V]`: in each of C copies S scalars, then V four-vectors
 * @param frames `[M, 4, 4]`
 * @param sizes `scalars` S and `vectors` V
 * @returns the shape of x
 * @throws RangeError for shapes that do not go together
 */
export function frameTransform(
  runtime: Runtime,
  x: Tensor,
  frames: Tensor,
  { scalars, vectors }: FrameTransformAttributes,
): Tensor {
  const [rows, , width] = x.shape as [number, number, number];
  const fits = x.rank === 3 && width === scalars + 4 * vectors;
  if (!fits || frames.shape.join() !== [rows, 4, 4].join()) {
    throw new RangeError(
      `frameTransform of ${scalars} scalars and ${vectors} vectors takes x [M, C, ${scalars + 4 * vectors}] and frames [M, 4, 4], not [${x.shape}] and [${frames.shape}]`,
    );
  }
  return runFused(runtime, operation, [x, frames], { scalars, vectors });
}

/** Sixteen products and twelve sums for each vector; x and the frames are read, the result is written. */
export function frameTransformCost(
  { rows, copies, scalars, vectors }: Readonly<Record<'rows' | 'copies' | 'scalars' | 'vectors', number>>,
  precision: Precision,
): Cost {
  return {
    flops: 28 * rows * copies * vectors,
    bytes: (2 * rows * copies * (scalars + 4 * vectors) + 16 * rows) * bytesOf[precision],
  };
}
