/**
 * Kernels written as loops over typed arrays, for the backends whose memory is in this process: `cpu` (both
 * precisions) and `wasm` (its heap).
 */
import type {
  DataType,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

export type HostBackend = 'cpu' | 'wasm';
export type HostData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What a kernel will do, decided from shapes alone, so that memory is there before data is looked at. */
export interface HostPlan {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** The inputs to read, in the order in which `run` receives them. */
  readonly reads: readonly TensorInfo[];
  /** Fills `out`, which holds arbitrary values before. */
  readonly run: (out: HostData, ...inputs: HostData[]) => void;
}

/** A plan for each result. Returns undefined for what it does not treat (strings, complex numbers); the library's own kernel then runs. */
export type HostKernel = (
  inputs: Record<string, TensorInfo>,
  attrs: NamedAttrMap,
) => HostPlan | HostPlan[] | undefined;

/** The part of the two backends that kernels use; their classes are not exported. */
interface Memory {
  makeTensorInfo(shape: number[], dtype: DataType, values: HostData): TensorInfo;
  readSync(dataId: object): HostData;
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): HostData;
  disposeData(dataId: object): void;
}

/** Registers `kernel` under `name` on one backend, in place of the library's. */
export function registerHostKernel(
  tf: TensorLibrary,
  backendName: HostBackend,
  name: string,
  kernel: HostKernel,
): void {
  tf.registerKernel(hostKernel(tf, backendName, name, kernel));
}

/** The registry's entry of a kernel; what it does not treat goes to the one that is there now. */
export function hostKernel(
  tf: TensorLibrary,
  backendName: HostBackend,
  name: string,
  kernel: HostKernel,
): KernelConfig {
  const present = tf.getKernel(name, backendName);
  // Registering twice must not make the kernel its own fallback.
  const upstream = (present as { upstream?: typeof present } | undefined)?.upstream ?? present;
  const config = {
    kernelName: name,
    backendName,
    upstream,
    kernelFunc: (call: { inputs: NamedTensorInfoMap; attrs?: NamedAttrMap; backend: object }) => {
      const plan = kernel(call.inputs as Record<string, TensorInfo>, call.attrs ?? {});
      const memory = call.backend as Memory;
      if (Array.isArray(plan)) return plan.map((each) => execute(tf, backendName, memory, each));
      if (plan) return execute(tf, backendName, memory, plan);
      if (upstream) return upstream.kernelFunc(call as Parameters<typeof upstream.kernelFunc>[0]);
      throw new TypeError(
        `${name} does not treat ${Object.values(call.inputs).map((input) => input?.dtype)}`,
      );
    },
  };
  return config as unknown as KernelConfig;
}

/** True where the active backend runs a kernel registered here. */
export function isHostKernel(tf: TensorLibrary, name: string): boolean {
  const kernel = tf.getKernel(name, tf.getBackend()) as object | undefined;
  return kernel !== undefined && 'upstream' in kernel;
}

function execute(tf: TensorLibrary, backendName: HostBackend, memory: Memory, plan: HostPlan): TensorInfo {
  const shape = [...plan.shape];
  if (backendName === 'cpu') {
    const out = tf.util.getArrayFromDType(plan.dtype as 'float32', tf.util.sizeFromShape(shape));
    plan.run(out, ...plan.reads.map((info) => memory.readSync(info.dataId)));
    return memory.makeTensorInfo(shape, plan.dtype, out);
  }
  // Views come after the allocation, which may move the heap.
  const info = memory.makeOutput(shape, plan.dtype);
  try {
    plan.run(memory.typedArrayFromHeap(info), ...plan.reads.map((read) => memory.typedArrayFromHeap(read)));
  } catch (error) {
    memory.disposeData(info.dataId);
    throw error;
  }
  return info;
}
