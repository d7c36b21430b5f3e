/** GatherV2 and UnsortedSegmentSum of real numbers, with the rules of the loops in fixes/rows.ts. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { isFloat, registerSimdKernel } from './register.ts';

export function registerRows(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'GatherV2', (simd, { x, indices }, attributes) => {
    if (!isFloat(x) || indices?.dtype !== 'int32') return undefined;
    const { axis, batchDims = 0, outside } = attributes as Record<string, number | string | undefined>;
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      tf.backend_util.segment_util.collectGatherOpShapeInfo(
        x as Tensor,
        indices as Tensor,
        tf.util.parseAxisParam(axis as number, x.shape)[0]!,
        batchDims as number,
      );
    if (batchSize !== 1 || outerSize !== 1) return undefined;
    const out = simd.output(outputShape);
    const wrong = simd.run.gatherRows(
      simd.address(x),
      simd.address(indices),
      simd.address(out),
      tf.util.sizeFromShape(indices.shape),
      dimSize,
      sliceSize,
      outside === 'zero',
    );
    if (wrong < 0) return out;
    simd.dispose(out);
    const index = simd.integers(indices)[wrong];
    throw new RangeError(`gather: index ${index} at position ${wrong} is not in 0..${dimSize - 1}`);
  });
  registerSimdKernel(tf, 'UnsortedSegmentSum', (simd, { x, segmentIds }, attributes) => {
    if (!isFloat(x) || segmentIds?.dtype !== 'int32') return undefined;
    const count = attributes.numSegments as number;
    const rest = x.shape.slice(segmentIds.shape.length);
    const out = simd.output([count, ...rest]);
    const wrong = simd.run.segmentSum(
      simd.address(x),
      simd.address(segmentIds),
      simd.address(out),
      tf.util.sizeFromShape(segmentIds.shape),
      count,
      tf.util.sizeFromShape(rest),
    );
    if (wrong < 0) return out;
    simd.dispose(out);
    const segment = simd.integers(segmentIds)[wrong];
    throw new RangeError(`segment sum: segment ${segment} at position ${wrong} is not below ${count}`);
  });
}
