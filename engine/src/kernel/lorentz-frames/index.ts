/** Local Lorentz frames from three four-vectors each. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { onHost } from '../on-host.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { lorentzFramesGradientOnHost, lorentzFramesOnHost } from './host.ts';
import { lorentzFramesReference } from './reference.ts';
import { lorentzFramesForward, lorentzFramesGradient } from './wgsl.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherLorentzFrames',
  reference: lorentzFramesReference,
  gradient: (tf, dy, [vectors]) => [() => runKernel(tf, 'NoetherLorentzFramesGradient', [vectors!, dy])],
  kernels: [
    onHost({
      NoetherLorentzFrames: (inputs) => {
        const [vectors] = Object.values(inputs);
        const shape = [vectors!.shape[0]!, 4, 4];
        return { shape, dtype: 'float32', reads: [vectors!], run: lorentzFramesOnHost };
      },
      NoetherLorentzFramesGradient: (inputs) => {
        const [vectors, dy] = Object.values(inputs);
        const { shape } = vectors!;
        return { shape, dtype: 'float32', reads: [vectors!, dy!], run: lorentzFramesGradientOnHost };
      },
    }),
    onWebgpu({
      NoetherLorentzFrames: (backend, [vectors]) => lorentzFramesForward(backend, vectors!),
      NoetherLorentzFramesGradient: (backend, [vectors, dy]) => lorentzFramesGradient(backend, vectors!, dy!),
    }),
  ],
};

/**
 * Frames by Minkowski Gram-Schmidt (LLoCa, arXiv 2505.20280): a Lorentz matrix for each triple of four-vectors (E, px, py, pz), its
 * first row along the first vector.
 * @param vectors `[M, 3, 4]`, no two of a triple parallel, none lightlike
 * @returns `[M, 4, 4]`
 * @throws RangeError for another shape
 */
export function lorentzFrames(runtime: Runtime, vectors: Tensor): Tensor {
  if (vectors.rank !== 3 || vectors.shape[1] !== 3 || vectors.shape[2] !== 4) {
    throw new RangeError(`lorentzFrames takes vectors [M, 3, 4], not [${vectors.shape}]`);
  }
  return runFused(runtime, operation, [vectors], {});
}

/**
 * Six inner products of 7, seven divisions of a four-vector, four roots, four subtractions of 8 and a determinant of four
 * 3 x 3 minors, 14 each; 12 numbers are read and 16 written.
 */
export function lorentzFramesCost(count: number, precision: Precision): Cost {
  return {
    flops: count * (10 * 7 + 7 * 4 + 4 + 3 * 9 + 4 * 14 + 16),
    bytes: count * 28 * bytesOf[precision],
  };
}
