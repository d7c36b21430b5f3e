/**
 * Noether's own wasm kernels (engine/assembly), on the heap of the wasm backend: they are given addresses, so nothing is
 * copied in or out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { SimdExports } from './exports.ts';
import { compilePacked, packing } from './packing.ts';
import type { Heap } from './self-test.ts';

/** What kernels use. */
export interface Simd {
  /** The module's functions. */
  readonly run: SimdExports;
  readonly build: 'relaxed SIMD' | 'SIMD';
  /** Whether neighbouring operations are packed into wider ones, or why not. */
  readonly packing: 'on' | { readonly reason: string };
  /** Of a tensor's data on the heap, in bytes. It stays valid when the heap grows. */
  address(info: TensorInfo): number;
  /** A new tensor with arbitrary values. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo;
  /** Calls `work` with the address of that many bytes, which are freed afterwards. */
  withScratch<T>(bytes: number, work: (address: number) => T): T;
  /** Copies numbers to an address. */
  write(address: number, values: Int32Array): void;
  /** The int32 values of a tensor; a view that dies when the heap grows. */
  integers(info: TensorInfo): Int32Array;
  dispose(info: TensorInfo): void;
  /** Counts one more tensor that has the same data. */
  share(info: TensorInfo): void;
}

/** The parts of the wasm backend that are used here; its class is not exported. */
export interface WasmBackend {
  readonly wasm: {
    _malloc(bytes: number): number;
    _free(address: number): void;
    /** The exports of the library's own instance. */
    readonly asm: { readonly memory: { readonly buffer: ArrayBuffer } };
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Int32Array;
  disposeData(dataId: object): void;
  incRef(dataId: object): void;
}

const builds = [
  { file: 'noether-relaxed.wasm', build: 'relaxed SIMD' },
  { file: 'noether-simd.wasm', build: 'SIMD' },
] as const;

// Node has WebAssembly; its types belong to browsers.
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
}

const opened = new WeakMap<TensorLibrary, Simd>();

/** The kernels on this library's wasm backend, or undefined while it is not started or where there is no SIMD. */
export function simdOf(tf: TensorLibrary): Simd | undefined {
  return opened.get(tf);
}

/** A way to run the kernels, for tests. */
export interface Variant {
  readonly build: Simd['build'];
  readonly packed: boolean;
}

/**
 * Instantiates the best build that is there, next to the library's file, and that this engine runs. Undefined where there is
 * none: the library's own kernels then do all of the work.
 * @param only takes this one, without a trial
 */
export function openSimd(
  tf: TensorLibrary,
  location: string,
  backend: WasmBackend,
  only?: Variant,
): Simd | undefined {
  const { validate, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
    .WebAssembly;
  const { memory } = backend.wasm.asm;
  let constants: number | undefined;
  const compile = (bytes: Uint8Array): SimdExports => {
    const run = new Instance(new Module(bytes), { env: { memory } }).exports as SimdExports;
    // One place for all: they are the same, and stay as long as the heap.
    constants ??= heap.allocate(run.constantsSize());
    run.useConstants(constants);
    return run;
  };
  const heap: Heap = {
    allocate: (size) => backend.wasm._malloc(size) >>> 0,
    free: (address) => backend.wasm._free(address),
    buffer: () => memory.buffer,
  };
  for (const { file, build } of builds) {
    if (only && only.build !== build) continue;
    const path = fileURLToPath(new URL(file, location));
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    if (!validate(bytes)) continue;
    const plain = compile(bytes);
    const packed = only
      ? only.packed
        ? { run: compilePacked(bytes, compile) }
        : { reason: 'not wanted' }
      : packing(bytes, compile, plain, heap);
    const simd =
      'run' in packed ? simdOn(backend, packed.run, build, 'on') : simdOn(backend, plain, build, packed);
    opened.set(tf, simd);
    return simd;
  }
  return undefined;
}

function simdOn(
  backend: WasmBackend,
  run: SimdExports,
  build: Simd['build'],
  packing: Simd['packing'],
): Simd {
  return {
    run,
    build,
    packing,
    // Addresses above 2 GB come as negative numbers.
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset >>> 0,
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    write: (address, values) => new Int32Array(backend.wasm.asm.memory.buffer).set(values, address >>> 2),
    integers: (info) => backend.typedArrayFromHeap(info),
    dispose: ({ dataId }) => backend.disposeData(dataId),
    share: ({ dataId }) => backend.incRef(dataId),
    withScratch(bytes, work) {
      const address = backend.wasm._malloc(bytes) >>> 0;
      try {
        return work(address);
      } finally {
        backend.wasm._free(address);
      }
    },
  };
}
