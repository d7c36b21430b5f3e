/** Kernels of the webgpu backend, as the library's registry takes them. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attributes, KernelMaker } from './fused.ts';

/** Runs programs on the backend; inputs in the order of the call. */
export type GpuKernel<A = Attributes> = (
  backend: unknown,
  inputs: readonly TensorInfo[],
  attributes: A,
) => TensorInfo | TensorInfo[];

interface Arguments {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly backend: unknown;
  readonly attrs: Attributes;
}

/** Makes the registry's entries from kernels by name. */
export function onWebgpu<A = Attributes>(kernels: Readonly<Record<string, GpuKernel<A>>>): KernelMaker {
  return () =>
    Object.entries(kernels).map(([kernelName, kernel]) => ({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: (({ inputs, backend, attrs }: Arguments) =>
        kernel(backend, Object.values(inputs), attrs as A)) as never,
    }));
}
