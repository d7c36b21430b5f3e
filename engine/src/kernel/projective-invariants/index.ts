/** Relative projective invariants of image channels: what a PDINet layer computes before its denominators. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { projectiveInvariantsReference } from './reference.ts';
import { projectiveInvariantsForward, projectiveInvariantsGradient } from './wgsl.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherProjectiveInvariants',
  reference: projectiveInvariantsReference,
  gradient: (tf, dy, [jets]) => [() => runKernel(tf, 'NoetherProjectiveInvariantsGradient', [jets!, dy])],
  kernels: [
    onWebgpu({
      NoetherProjectiveInvariants: (backend, [jets]) => projectiveInvariantsForward(backend, jets!),
      NoetherProjectiveInvariantsGradient: (backend, [jets, dy]) =>
        projectiveInvariantsGradient(backend, jets!, dy!),
    }),
  ],
};

/**
 * The 5 C - 5 relative invariants of order two of C channels, of which the 6 C - 5 of PDINet are made with the channels themselves.
 * Under a homography the first 3 C - 2 are multiplied by W^2 and the last 2 C - 3 by W, W the determinant of its inverse's derivative.
 * @param jets `[N, C, 5]` with C >= 2: u_x, u_y, u_xx, u_xy, u_yy of each channel at each point
 * @returns `[N, 5 C - 5]`, in the order of reference.ts
 * @throws RangeError for another shape
 */
export function projectiveInvariants(runtime: Runtime, jets: Tensor): Tensor {
  if (jets.rank !== 3 || jets.shape[1]! < 2 || jets.shape[2] !== 5) {
    throw new RangeError(`projectiveInvariants takes jets [N, C, 5] with C >= 2, not [${jets.shape}]`);
  }
  return runFused(runtime, operation, [jets], {});
}

/** Products and sums: 10 for a form, 3 for a determinant. Each jet is read and each invariant written once. */
export function projectiveInvariantsCost(points: number, channels: number, precision: Precision): Cost {
  const pairs = channels - 1;
  return {
    flops: points * (10 * channels + 2 * 22 * pairs + 3 * (pairs + pairs - 1)),
    bytes: points * (5 * channels + 5 * pairs) * bytesOf[precision],
  };
}
