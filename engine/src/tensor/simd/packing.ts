/**
 * Packing: on x64, V8 can turn two neighbouring operations on 4 floats into one of AVX2 on 8 ("revectorisation"). The engine
 * calls that experimental, so it is used for the own kernels alone, and only where they then give the same bits and are faster.
 */
import { setFlagsFromString } from 'node:v8';
import type { SimdExports } from './exports.ts';
import { firstDifference, type Heap } from './self-test.ts';

/** `NOETHER_PACKING=off` switches it off. */
const variable = 'NOETHER_PACKING';

/** The first release of V8 for which this was tested; others may write a line about a flag that they do not know. */
const firstEngine = 13;

const flags = ['experimental-wasm-revectorize', 'no-liftoff', 'no-wasm-lazy-compilation'];
const usual = ['no-experimental-wasm-revectorize', 'liftoff', 'wasm-lazy-compilation'];

/** The packed functions, or why there are none. */
export type Packing = { readonly run: SimdExports } | { readonly reason: string };

/**
 * Compiles packed functions and tries them against the plain ones.
 * @param compile makes the module's functions from its bytes
 * @param plain the same functions, compiled as usual
 */
export function packing(
  bytes: Uint8Array,
  compile: (bytes: Uint8Array) => SimdExports,
  plain: SimdExports,
  heap: Heap,
): Packing {
  if (process.env[variable] === 'off') return { reason: `${variable} is off` };
  if (process.arch !== 'x64') return { reason: `the processor is ${process.arch}` };
  const version = process.versions.v8 ?? '';
  if (!(Number.parseInt(version, 10) >= firstEngine)) return { reason: `V8 ${version} is too old` };
  const run = compilePacked(bytes, compile);
  const wrong = firstDifference(run, plain, heap);
  if (wrong) return { reason: `it changes the result of ${wrong}` };
  return isFaster(run, plain, heap) ? { run } : { reason: 'it is not faster here' };
}

/** Compiles packed functions, with wide panels. */
export function compilePacked(bytes: Uint8Array, compile: (bytes: Uint8Array) => SimdExports): SimdExports {
  // All is compiled here and now: functions that are compiled later, and other modules, do not see the flag.
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  try {
    const run = compile(marked(bytes));
    run.useWidePanels(true);
    return run;
  } finally {
    for (const flag of usual) setFlagsFromString(`--${flag}`);
  }
}

/** The module with an empty section of its own: V8 compiles a module that it knows already no second time. */
function marked(bytes: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode('packed');
  return Uint8Array.of(...bytes, 0, name.length + 1, name.length, ...name);
}

/** By the clock, as nothing else tells: without AVX2 the flag does nothing, and wide panels then take half as long again. */
function isFaster(run: SimdExports, plain: SimdExports, heap: Heap): boolean {
  const [m, k, n] = [64, 64, 64];
  const [a, b] = [heap.allocate(4 * m * k), heap.allocate(4 * k * n)];
  const [out, scratch] = [heap.allocate(4 * m * n), heap.allocate(plain.matmulScratch(n, k))];
  new Uint8Array(heap.buffer(), a, 4 * m * k).fill(0);
  new Uint8Array(heap.buffer(), b, 4 * k * n).fill(0);
  const best = [run, plain].map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 40; round++) {
    [run, plain].forEach(({ matmul }, i) => {
      const start = performance.now();
      for (let time = 0; time < 5; time++) matmul(a, b, 0, out, 1, m, k, n, false, false, 0, 0, scratch);
      best[i] = Math.min(best[i]!, performance.now() - start);
    });
  }
  for (const address of [a, b, out, scratch]) heap.free(address);
  return best[0]! < best[1]!;
}
