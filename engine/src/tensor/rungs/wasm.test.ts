/** A wasm backend whose kernels give nonsense: found before anything is entrusted to it, and the next one takes over. */
import { afterEach, expect, test } from 'vitest';
import { applyFixes } from '../fixes/index.ts';
import { climb } from '../ladder.ts';
import { loadFloat32 } from '../library.ts';
import { cpuRung } from './cpu.ts';
import { wasmRung } from './wasm.ts';

const tf = await loadFloat32();
applyFixes(tf);
const rungs = [wasmRung(tf), cpuRung(tf)];
// Opened once, so that all kernels are registered.
const first = await climb(rungs, 'auto');
const restore: (() => void)[] = [];
afterEach(() => {
  for (const back of restore.splice(0)) back();
});

/** Lets a kernel of the wasm backend end as told. */
function replaceKernel(kernelName: string, end: (values: Float32Array) => void): void {
  const kernel = tf.getKernel(kernelName, 'wasm')!;
  const put = (kernelFunc: typeof kernel.kernelFunc): void => {
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  };
  restore.push(() => put(kernel.kernelFunc));
  put((call) => {
    const result = kernel.kernelFunc(call) as { dataId: object };
    const backend = call.backend as { typedArrayFromHeap(info: object): Float32Array };
    end(backend.typedArrayFromHeap(result));
    return result as never;
  });
}

test('kernels that are right are taken', () => {
  expect(first.name).toBe('wasm');
});

test.each(['Exp', 'BatchMatMul', 'GatherV2', 'Sum'])(
  'a NaN from %s: the next backend takes over and says why',
  async (kernel) => {
    replaceKernel(kernel, (values) => values.fill(Number.NaN, 0, 1));
    const choice = await climb(rungs, 'auto');
    expect(choice.name).toBe('cpu');
    expect(choice.passedOver).toEqual([
      { name: 'wasm', reason: expect.stringMatching(/^it computes wrongly: NaN instead of -?\d+\.\d{4}$/) },
    ]);
  },
);

test('one wrong entry is enough, and a kernel that stops is one too', async () => {
  replaceKernel('Exp', (values) => {
    values[1500] = 2 * values[1500]!;
  });
  expect((await climb(rungs, 'auto')).passedOver[0]!.reason).toMatch(/^it computes wrongly: /);
  for (const back of restore.splice(0)) back();
  replaceKernel('Sum', () => {
    throw new Error('memory access out of bounds');
  });
  expect((await climb(rungs, 'auto')).passedOver).toEqual([
    { name: 'wasm', reason: 'it fails a small computation: memory access out of bounds' },
  ]);
});
