/** Puts own kernels in the place of the library's on the wasm backend. */
import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { type Simd, simdOf } from './module.ts';

/** Returns undefined for what it does not treat; the kernel that was there before then runs. */
export type SimdKernel = (
  simd: Simd,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[] | undefined;

/** Registers `kernel` under `name`. Doing it twice changes nothing. */
export function registerSimdKernel(tf: TensorLibrary, name: string, kernel: SimdKernel): void {
  const present = tf.getKernel(name, 'wasm') as (KernelConfig & { simd?: true }) | undefined;
  if (present?.simd) return;
  const config = {
    kernelName: name,
    backendName: 'wasm',
    simd: true,
    // For isHostKernel: what is registered in this way keeps the promises of the host kernels.
    upstream: present,
    kernelFunc: (call: { inputs: NamedTensorInfoMap; attrs?: NamedAttrMap; backend: unknown }) => {
      const result = kernel(simdOf(tf)!, call.inputs as Record<string, TensorInfo>, call.attrs ?? {});
      if (result) return result;
      if (present) return present.kernelFunc(call as Parameters<typeof present.kernelFunc>[0]);
      throw new TypeError(
        `${name} does not treat ${Object.values(call.inputs).map((input) => input?.dtype)}`,
      );
    },
  };
  tf.registerKernel(config as unknown as KernelConfig);
}

/** True where a tensor is of real numbers. */
export function isFloat(info: TensorInfo | undefined): info is TensorInfo {
  return info?.dtype === 'float32';
}
