/** Kernels written as loops, for the backends whose memory is in this process: cpu in both precisions, and wasm. */
import type { GradConfig } from '@tensorflow/tfjs-core';
import { type HostKernel, hostKernel, registerHostKernel } from '../tensor/fixes/host-kernel.ts';
import type { TensorLibrary } from '../tensor/runtime.ts';
import type { KernelMaker } from './fused.ts';

/** Makes the registry's entries from kernels by name. Inputs are in the order of the call. */
export function onHost(kernels: Readonly<Record<string, HostKernel>>): KernelMaker {
  return (tf) =>
    (['cpu', 'wasm'] as const).flatMap((backend) =>
      Object.entries(kernels).map(([name, kernel]) => hostKernel(tf, backend, name, kernel)),
    );
}

/**
 * For operations that only these backends have: what has to be called before one is run. Registers kernels and gradients when a library is first
 * seen on a backend.
 * @param operation as callers know it
 * @returns throws RangeError on another backend
 */
export function hostOperation(
  operation: string,
  kernels: Readonly<Record<string, HostKernel>>,
  gradients: (tf: TensorLibrary) => readonly GradConfig[],
): (tf: TensorLibrary) => void {
  const registered = new WeakMap<TensorLibrary, Set<string>>();
  return (tf) => {
    const backend = tf.getBackend();
    const seen = registered.get(tf) ?? new Set();
    if (seen.has(backend)) return;
    if (backend !== 'cpu' && backend !== 'wasm') {
      throw new RangeError(`${operation} runs on cpu and wasm, and not on ${backend}`);
    }
    for (const [name, kernel] of Object.entries(kernels)) registerHostKernel(tf, backend, name, kernel);
    for (const gradient of gradients(tf)) tf.registerGradient(gradient);
    registered.set(tf, seen.add(backend));
  };
}
