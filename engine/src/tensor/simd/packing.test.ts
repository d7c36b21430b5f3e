import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openRuntime } from '../index.ts';
import type { Float32Library } from '../library.ts';
import type { SimdExports } from './exports.ts';
import { simdOf, type WasmBackend } from './module.ts';
import { compilePacked, packing } from './packing.ts';
import { firstDifference, type Heap } from './self-test.ts';

const { tf } = await openRuntime({ precision: 'float32', backend: 'wasm' });
const { wasm } = tf.backend() as unknown as WasmBackend;
const { memory } = wasm.asm;
const heap: Heap = {
  allocate: (bytes) => wasm._malloc(bytes) >>> 0,
  free: (address) => wasm._free(address),
  buffer: () => memory.buffer,
};
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { readonly exports: object };
  };
};
const constants = heap.allocate(simdOf(tf)!.run.constantsSize());
const compile = (bytes: Uint8Array) => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const run = exports as SimdExports;
  run.useConstants(constants);
  return run;
};

beforeEach(() => void vi.stubEnv('NOETHER_PACKING', ''));
afterEach(() => void vi.unstubAllEnvs());

const isPossible = process.arch === 'x64' && Number.parseInt(process.versions.v8, 10) >= 13;

describe.skipIf(!isPossible).each(['noether-relaxed.wasm', 'noether-simd.wasm'])('%s', (file) => {
  const bytes = readFileSync(fileURLToPath(new URL(file, (tf as Float32Library).location)));
  const plain = compile(bytes);

  test('gives the same bits packed as plain', () => {
    expect(firstDifference(compilePacked(bytes, compile), plain, heap)).toBe(undefined);
  });

  test('is not packed where results would change, and the reason is told', () => {
    // One entry of one result, in its last bit.
    const broken = (packed: SimdExports): SimdExports => ({
      ...packed,
      softmax(x, out, rows, size) {
        packed.softmax(x, out, rows, size);
        new Int32Array(memory.buffer, out)[rows * size - 1]! ^= 1;
      },
    });
    const found = packing(bytes, (given) => broken(compile(given)), plain, heap);
    expect(found).toEqual({ reason: 'it changes the result of softmax' });
  });

  test('is not packed where that takes longer', () => {
    const slow = (packed: SimdExports): SimdExports => ({
      ...packed,
      matmul(...given) {
        for (let time = 0; time < 20; time++) packed.matmul(...given);
      },
    });
    expect(packing(bytes, (given) => slow(compile(given)), plain, heap)).toEqual({
      reason: 'it is not faster here',
    });
  });
});

describe('what keeps it off', () => {
  const never = () => {
    throw new Error('nothing is compiled');
  };
  test('the environment', () => {
    vi.stubEnv('NOETHER_PACKING', 'off');
    const found = packing(new Uint8Array(), never, simdOf(tf)!.run, heap);
    expect(found).toEqual({ reason: 'NOETHER_PACKING is off' });
  });

  test.each([
    ['arch', 'arm64', 'the processor is arm64'],
    ['versions', { v8: '12.4.254-node' }, 'V8 12.4.254-node is too old'],
    ['versions', {}, 'V8  is too old'],
  ])('%s', (property, value, reason) => {
    const before = Object.getOwnPropertyDescriptor(process, property)!;
    Object.defineProperty(process, 'arch', {
      ...Object.getOwnPropertyDescriptor(process, 'arch')!,
      value: 'x64',
    });
    Object.defineProperty(process, property, { ...before, value });
    try {
      expect(packing(new Uint8Array(), never, simdOf(tf)!.run, heap)).toEqual({ reason });
    } finally {
      Object.defineProperty(process, property, before);
    }
  });
});

test('what is allocated for the trial is given back', () => {
  const address = heap.allocate(1 << 20);
  heap.free(address);
  firstDifference(simdOf(tf)!.run, simdOf(tf)!.run, heap);
  const again = heap.allocate(1 << 20);
  heap.free(again);
  expect(again).toBe(address);
});
