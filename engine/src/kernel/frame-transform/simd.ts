/** Features in another frame on the wasm backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { onWasm } from '../on-wasm.ts';
import type { FrameTransformAttributes } from './reference.ts';

/**
 * `NoetherFrameTransform` of [x, frames] gives y; `NoetherFrameTransformBack` of [dy, frames] applies the transposed frames;
 * `NoetherFrameTransformGradient` of [x, dy] is the gradient of the frames.
 */
export const frameTransformOnWasm = onWasm<FrameTransformAttributes>({
  NoetherFrameTransform: (simd, inputs, attributes) => apply(simd, inputs, attributes, false),
  NoetherFrameTransformBack: (simd, inputs, attributes) => apply(simd, inputs, attributes, true),
  NoetherFrameTransformGradient: (simd, [x, dy], { scalars, vectors }) => {
    const [rows, copies] = x!.shape as [number, number];
    const out = simd.output([rows, 4, 4]);
    const addresses = [simd.address(x!), simd.address(dy!), simd.address(out)] as const;
    simd.run.frameTransformGradient(...addresses, rows, copies, scalars, vectors);
    return out;
  },
});

function apply(
  simd: Simd,
  [x, frames]: readonly TensorInfo[],
  { scalars, vectors }: FrameTransformAttributes,
  turned: boolean,
): TensorInfo {
  const [rows, copies] = x!.shape as [number, number];
  const out = simd.output(x!.shape);
  const addresses = [simd.address(x!), simd.address(frames!), simd.address(out)] as const;
  simd.run.frameTransform(...addresses, rows, copies, scalars, vectors, turned);
  return out;
}
