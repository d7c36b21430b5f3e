/** Kernels of the wasm backend, as the library's registry takes them. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Simd, simdOf } from '../tensor/simd/module.ts';
import type { Attributes, KernelMaker } from './fused.ts';

/** Inputs in the order of the call. */
export type SimdKernel<A = Attributes> = (
  simd: Simd,
  inputs: readonly TensorInfo[],
  attributes: A,
) => TensorInfo | TensorInfo[];

/** Makes the registry's entries from kernels by name; none where the engine has no SIMD. */
export function onWasm<A = Attributes>(kernels: Readonly<Record<string, SimdKernel<A>>>): KernelMaker {
  return (tf) => {
    if (!simdOf(tf)) return [];
    return Object.entries(kernels).map(([kernelName, kernel]) => ({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (({ inputs, attrs }: { inputs: Record<string, TensorInfo>; attrs: A }) =>
        kernel(simdOf(tf)!, Object.values(inputs), attrs)) as never,
    }));
  };
}

/** x as rows of its last axis. */
export function rowsOf({ shape }: TensorInfo): { rows: number; size: number } {
  const size = shape.at(-1)!;
  return { rows: shape.slice(0, -1).reduce((product, n) => product * n, 1), size };
}

/** The address of an input that may be absent. */
export function addressOr0(simd: Simd, info: TensorInfo | undefined): number {
  return info ? simd.address(info) : 0;
}

/** Throws what a kernel found wrong with its indices, after giving back its result. */
export function checkEdges(simd: Simd, wrong: number, result: TensorInfo, ids: readonly TensorInfo[]): void {
  if (wrong < 0) return;
  simd.dispose(result);
  const [sender, receiver] = ids.map((info) => simd.integers(info)[wrong]);
  throw new RangeError(
    `edge ${wrong} goes from row ${sender} to row ${receiver}, and one of them does not exist`,
  );
}
