import { expect, test } from 'vitest';
import { openRuntime } from '../index.ts';
import type { Float32Library } from '../library.ts';
import { openSimd, simdOf, type WasmBackend } from './module.ts';

const { tf, backend } = await openRuntime({ precision: 'float32', backend: 'wasm' });
const wasm = tf.backend() as unknown as WasmBackend;

test('the best build that the engine runs is taken, and told', () => {
  expect(simdOf(tf)!.build).toBe('relaxed SIMD');
  expect(backend.description).toMatch(
    /^wasm \(relaxed SIMD, (packed to 256 bits|not packed: .+), 1 thread\)/,
  );
});

test('without its files there are no own kernels, and no failure', () => {
  const elsewhere = new URL('./nowhere/', (tf as Float32Library).location).href;
  expect(openSimd(tf, elsewhere, wasm)).toBe(undefined);
});

test('scratch is given back, also when the work throws', () => {
  const simd = simdOf(tf)!;
  const first = simd.withScratch(1 << 20, (address) => address);
  expect(() =>
    simd.withScratch(1 << 20, () => {
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(simd.withScratch(1 << 20, (address) => address)).toBe(first);
});
