/** Kernels written as loops, for the backends whose memory is in this process: cpu in both precisions, and wasm. */
import { type HostKernel, hostKernel } from '../tensor/fixes/host-kernel.ts';
import type { KernelMaker } from './fused.ts';

/** Makes the registry's entries from kernels by name. Inputs are in the order of the call. */
export function onHost(kernels: Readonly<Record<string, HostKernel>>): KernelMaker {
  return (tf) =>
    (['cpu', 'wasm'] as const).flatMap((backend) =>
      Object.entries(kernels).map(([name, kernel]) => hostKernel(tf, backend, name, kernel)),
    );
}
