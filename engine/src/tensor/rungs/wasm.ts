/** The wasm backend: WebAssembly with SIMD where the engine has it, one thread. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { outOfMemory } from '../backend-fault.ts';
import type { Rung } from '../ladder.ts';
import type { Float32Library } from '../library.ts';
import { selfTest } from '../self-test.ts';
import { registerSimdKernels } from '../simd/index.ts';
import { openSimd, type Simd, simdOf, type WasmBackend } from '../simd/module.ts';

/** The parts of Emscripten's module that are used here. */
interface Module {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly HEAPU8: Uint8Array;
}

/** Opens the wasm backend of the float32 library. */
export function wasmRung(tf: Float32Library): Rung {
  return {
    name: 'wasm',
    async open() {
      const simd = Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
      const binary = simd ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm';
      // Asked here, because the library answers a missing file with advice about web servers.
      const path = fileURLToPath(new URL(binary, tf.location));
      if (!existsSync(path)) return { reason: `its binary ${path} is missing` };
      await start(tf, simd);
      const wrong = await selfTest(tf, 'wasm');
      if (wrong) return { reason: wrong };
      const vectors = vectorsOf(simdOf(tf)) ?? (simd ? 'SIMD, own kernels missing' : 'no SIMD');
      return { description: `wasm (${vectors}, 1 thread), tfjs ${tf.version_core}` };
    },
  };
}

/** How the own kernels run, in words. */
function vectorsOf(own: Simd | undefined): string | undefined {
  if (!own) return undefined;
  return `${own.build}, ${own.packing === 'on' ? 'packed to 256 bits' : `not packed: ${own.packing.reason}`}`;
}

let started: Promise<void> | undefined;

/** Initialises the backend once in the process. */
function start(tf: Float32Library, simd: boolean): Promise<void> {
  started ??= (async () => {
    const create = tf.findBackendFactory('wasm') as () => Promise<
      KernelBackend & WasmBackend & { wasm: Module }
    >;
    const backend = await withoutNewListeners(create);
    guardMemory(backend.wasm);
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => backend, 2);
    // Only an instance that the library made itself is set up; this selects it for a moment.
    const active = tf.engine().backendName;
    await tf.setBackend('wasm');
    if (active) await tf.setBackend(active);
    if (simd) openSimd(tf, tf.location, backend);
    registerSimdKernels(tf);
  })();
  return started;
}

/**
 * Emscripten listens for uncaught errors of the whole process and throws them again; that is for the host to decide,
 * so its listeners are taken off.
 */
async function withoutNewListeners<T>(work: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  try {
    return await work();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener);
      }
    });
  }
}

/** What 32-bit addresses reach. */
const largestHeap = 2 ** 32 - 2 ** 16;

/**
 * Where the heap cannot grow, malloc gives 0 and the library would write over its own state; a size above 32 bits would
 * lose its upper part.
 */
function guardMemory(module: Module): void {
  // The first call replaces the function by the real one.
  module._free(module._malloc(8));
  const malloc = module._malloc;
  module._malloc = (bytes) => {
    const address = bytes > largestHeap ? 0 : malloc(bytes);
    if (address === 0 && bytes > 0) throw outOfMemory('wasm', bytes, module.HEAPU8.length);
    return address;
  };
}
