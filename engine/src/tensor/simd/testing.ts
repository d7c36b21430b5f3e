/** What the tests of the own kernels share. */
import { openRuntime, type Runtime, randomFromSeed, real, type Tensor } from '../index.ts';
import type { Float32Library } from '../library.ts';
import { openSimd, type Simd, type WasmBackend } from './module.ts';

/** Both builds, as they are and packed. */
export const simdBuilds = ['relaxed SIMD', 'SIMD', 'relaxed SIMD, packed', 'SIMD, packed'] as const;

/** The wasm runtime with the kernels of this build. */
export async function wasmRuntime(name: (typeof simdBuilds)[number]): Promise<Runtime> {
  const runtime = await openRuntime({ precision: 'float32', backend: 'wasm' });
  const { tf } = runtime;
  const { location } = tf as Float32Library;
  const [build, packed] = name.split(', ') as [Simd['build'], string?];
  openSimd(tf, location, tf.backend() as unknown as WasmBackend, { build, packed: packed !== undefined });
  return runtime;
}

/** Pairs that broadcast in every way there is: scalars, inner and outer axes of one, several at once, nothing at all. */
export const broadcastShapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[1], [5]],
  [[5], []],
  [[7], []],
  [
    [3, 5],
    [3, 5],
  ],
  [[6, 9], [9]],
  [
    [4, 1],
    [4, 7],
  ],
  [
    [2, 3, 1, 5],
    [3, 4, 1],
  ],
  [
    [2, 1, 3, 1, 6],
    [1, 5, 1, 4, 1],
  ],
  [
    [0, 3],
    [0, 3],
  ],
];

/** Normal numbers that float32 has exactly, so that both precisions start from the same. */
export function normals(shape: readonly number[], seed: number) {
  const random = randomFromSeed(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return real(
    shape,
    Float64Array.from({ length: size }, () => Math.fround(random.normal())),
  );
}

/** Values of results, one after the other, and disposes of them. */
export async function valuesOf(runtime: Runtime, results: readonly Tensor[]): Promise<number[]> {
  const values: number[] = [];
  for (const result of results) for (const value of (await runtime.array(result)).data) values.push(value);
  runtime.tf.dispose(results as Tensor[]);
  return values;
}

/** Largest difference of entries over the largest entry of `expected`. */
export function relativeError(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 1e-30;
  for (let i = 0; i < found.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!);
    // NaN is never near anything.
    worst = difference >= 0 ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return worst / scale;
}
