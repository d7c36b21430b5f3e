/** Kernels that the wasm backend lacks or has wrong run on the cpu backend instead. */
import type { DataType, KernelConfig, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { HostData } from './host-kernel.ts';

/**
 * Present in wasm but wrong: the gradients of a 3-d convolution (for the filter where it has strides), the largest of a window
 * over the border (0 where all is negative), and dilations.
 */
const wrong = [
  'Conv3DBackpropInputV2',
  'Conv3DBackpropFilterV2',
  'MaxPool3D',
  'MaxPool3DGrad',
  'Dilation2D',
  'Dilation2DBackpropInput',
  'Dilation2DBackpropFilter',
];

/** Complex and ragged values have no memory of the plain form; nothing in the engine uses them. */
const untreated = /^(Complex|ComplexAbs|Real|Imag|FFT|IFFT|Ragged.*|StaticRegexReplace|Draw)$/;

interface Cpu {
  makeTensorInfo(shape: number[], dtype: DataType, values: HostData): TensorInfo;
  readSync(dataId: object): HostData;
  disposeData(dataId: object): void;
}

interface Wasm {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): HostData;
}

/** Registers a wasm kernel for every kernel that only cpu has, and for those that wasm has wrong. */
export function fillWasm(tf: TensorLibrary): void {
  const present = new Set(tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const lacking = !present.has(kernel.kernelName) && !untreated.test(kernel.kernelName);
    if (lacking || wrong.includes(kernel.kernelName)) tf.registerKernel(onCpu(tf, kernel));
  }
}

function onCpu(tf: TensorLibrary, kernel: KernelConfig): KernelConfig {
  return {
    kernelName: kernel.kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as Wasm;
      const cpu = tf.findBackend('cpu') as unknown as Cpu;
      // The cpu kernels read their inputs and never write them, so they may look into the heap.
      const borrow = (input: TensorInfo): TensorInfo => ({
        ...cpu.makeTensorInfo(input.shape, input.dtype, wasm.typedArrayFromHeap(input)),
        // Some kernels ask for it, as if what they get were tensors.
        ...{ rank: input.shape.length },
      });
      const borrowed = mapInputs(inputs, borrow);
      try {
        const results = kernel.kernelFunc({ inputs: borrowed, attrs, backend: cpu });
        if (!Array.isArray(results)) return take(wasm, cpu, results as TensorInfo);
        return results.map((result) => take(wasm, cpu, result));
      } finally {
        for (const input of Object.values(borrowed)) cpu.disposeData(input!.dataId);
      }
    },
  };
}

/** Some kernels name their inputs, others (einsum) number them. */
function mapInputs(inputs: NamedTensorInfoMap, map: (input: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  const values = Object.values(inputs) as TensorInfo[];
  if (Array.isArray(inputs)) return values.map(map) as unknown as NamedTensorInfoMap;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, map(values[i]!)]));
}

/** Moves a result from cpu to wasm. A result may be a view of an input, which dies when the heap grows: so it is copied. */
function take(wasm: Wasm, cpu: Cpu, result: TensorInfo): TensorInfo {
  const data = cpu.readSync(result.dataId).slice();
  cpu.disposeData(result.dataId);
  const info = wasm.makeOutput(result.shape, result.dtype);
  wasm.typedArrayFromHeap(info).set(data);
  return info;
}
