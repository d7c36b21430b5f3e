/**
 * GatherV2 and UnsortedSegmentSum, each other's gradients. The library's own cpu kernel costs segments x rows x width,
 * its wasm backend has none, and its gradients copy and transpose a whole tensor several times.
 */
import type { GradConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { type HostBackend, type HostKernel, isHostKernel, registerHostKernel } from './host-kernel.ts';
import { gatherLoop, segmentMaxLoop, segmentSumLoop } from './rows.ts';

/** Registers both kernels on one backend, and UnsortedSegmentMax, which the library has not. */
export function fixGatherKernels(tf: TensorLibrary, backend: HostBackend): void {
  registerHostKernel(tf, backend, 'GatherV2', gatherKernel(tf));
  registerHostKernel(tf, backend, 'UnsortedSegmentSum', segmentKernel(tf, segmentSumLoop));
  registerHostKernel(tf, backend, 'UnsortedSegmentMax', segmentKernel(tf, segmentMaxLoop));
}

/** Registers both gradients. */
export function fixGatherGradients(tf: TensorLibrary): void {
  tf.registerGradient(gatherGradient(tf));
  tf.registerGradient(segmentSumGradient(tf));
}

function numeric(info: TensorInfo): boolean {
  return info.dtype === 'float32' || info.dtype === 'int32' || info.dtype === 'bool';
}

function gatherKernel(tf: TensorLibrary): HostKernel {
  return ({ x, indices }, attrs) => {
    if (!x || !indices || !numeric(x)) return undefined;
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = gatherShape(tf, x, indices, attrs);
    const layout = {
      batch: batchSize,
      outer: outerSize,
      size: dimSize,
      width: sliceSize,
      picks: tf.util.sizeFromShape(indices.shape) / batchSize,
    };
    const zeroOutside = attrs.outside === 'zero';
    return {
      shape: outputShape,
      dtype: x.dtype,
      reads: [x, indices],
      run: (out, data, picks) => gatherLoop(out, data!, picks!, layout, zeroOutside),
    };
  };
}

function gatherShape(tf: TensorLibrary, x: TensorInfo, indices: TensorInfo, attrs: NamedAttrMap) {
  const axis = tf.util.parseAxisParam(attrs.axis as number, x.shape)[0]!;
  const batchDims = (attrs.batchDims as number | undefined) ?? 0;
  return tf.backend_util.segment_util.collectGatherOpShapeInfo(
    x as Tensor,
    indices as Tensor,
    axis,
    batchDims,
  );
}

function segmentKernel(tf: TensorLibrary, loop: typeof segmentSumLoop): HostKernel {
  return ({ x, segmentIds }, { numSegments }) => {
    if (!x || !segmentIds || !numeric(x)) return undefined;
    const rest = x.shape.slice(segmentIds.shape.length);
    const layout = { count: numSegments as number, width: tf.util.sizeFromShape(rest) };
    return {
      shape: [layout.count, ...rest],
      dtype: x.dtype === 'bool' ? 'int32' : x.dtype,
      reads: [x, segmentIds],
      run: (out, data, ids) => loop(out, data!, ids!, layout),
    };
  };
}

/**
 * dx[b, o, j, :] = sum of dy[b, o, i, :] over indices[b, i] = j: one segment sum over (b, o, j), numbered through, so
 * that nothing is transposed.
 */
function gatherGradient(tf: TensorLibrary): GradConfig {
  return {
    kernelName: 'GatherV2',
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attrs) => {
      const [x, indices] = saved as [Tensor, Tensor];
      const { batchSize, outerSize, dimSize, sliceSize } = gatherShape(tf, x, indices, attrs);
      const blocks = batchSize * outerSize;
      return {
        x: () => {
          const picks = indices.size / batchSize;
          let rows = tf.reshape(indices, [batchSize, 1, picks]);
          if (blocks > 1) {
            const first = tf.range(0, blocks * dimSize, dimSize, 'int32');
            rows = tf.add(rows, tf.reshape(first, [batchSize, outerSize, 1]));
          }
          const values = tf.reshape(dy as Tensor, [blocks * picks, sliceSize]);
          const ids = tf.reshape(rows, [blocks * picks]) as Tensor;
          const sums = tf.unsortedSegmentSum(values, ids as never, blocks * dimSize);
          return tf.reshape(sums, x.shape);
        },
        // The library wants a gradient for every input; indices have none.
        indices: () => tf.cast(tf.zerosLike(indices), 'float32'),
      };
    },
  };
}

/** dx[i, :] = dy[segments[i], :], and zero for the rows that were left out. */
function segmentSumGradient(tf: TensorLibrary): GradConfig {
  const present = tf.getGradient('UnsortedSegmentSum') as GradConfig & { upstream?: GradConfig };
  const upstream = present.upstream ?? present;
  const gradient: GradConfig & { upstream: GradConfig } = {
    kernelName: 'UnsortedSegmentSum',
    inputsToSave: ['segmentIds'],
    upstream,
    gradFunc: (dy, saved, attrs) => {
      // Only our own gather takes indices outside the range.
      const indices = saved[0] as Tensor;
      const segmentIds = () => tf.cast(tf.zerosLike(indices), 'float32');
      if (!isHostKernel(tf, 'GatherV2')) return { x: upstream.gradFunc(dy, saved, attrs).x!, segmentIds };
      const zeroOutside: NamedAttrMap = { axis: 0, batchDims: 0, outside: 'zero' };
      return {
        x: () => tf.engine().runKernel('GatherV2', { x: dy as Tensor, indices }, zeroOutside) as Tensor,
        segmentIds,
      };
    },
  };
  return gradient;
}
