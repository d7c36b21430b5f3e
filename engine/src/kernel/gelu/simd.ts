/** Activations of rows on the wasm backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { addressOr0, onWasm, rowsOf, type SimdKernel } from '../on-wasm.ts';

const forward =
  (silu: boolean): SimdKernel<object> =>
  (simd, [x, bias]) => {
    const { rows, size } = rowsOf(x!);
    const out = simd.output(x!.shape);
    simd.run.activation(simd.address(x!), addressOr0(simd, bias), simd.address(out), rows, size, silu);
    return out;
  };

const gradient =
  (silu: boolean): SimdKernel<object> =>
  (simd: Simd, [x, dy, bias]): TensorInfo[] => {
    const { rows, size } = rowsOf(x!);
    const dx = simd.output(x!.shape);
    const dbias = bias ? simd.output([size]) : undefined;
    simd.run.activationGradient(
      simd.address(x!),
      addressOr0(simd, bias),
      simd.address(dy!),
      simd.address(dx),
      addressOr0(simd, dbias),
      rows,
      size,
      silu,
    );
    return dbias ? [dx, dbias] : [dx];
  };

/** `NoetherGelu` and `NoetherSilu` of [x, bias?]; their gradients of [x, dy, bias?] are those of x and of the bias. */
export const activationsOnWasm = onWasm<object>({
  NoetherGelu: forward(false),
  NoetherGeluGradient: gradient(false),
  NoetherSilu: forward(true),
  NoetherSiluGradient: gradient(true),
});
