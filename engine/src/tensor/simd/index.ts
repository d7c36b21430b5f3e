/** Noether's own wasm kernels in the place of the library's slow ones. */
import type { TensorLibrary } from '../runtime.ts';
import { registerBatchMatMul } from './batch-matmul.ts';
import { registerConcat } from './concat.ts';
import { registerConvolutions } from './convolution.ts';
import { registerElementwise } from './elementwise.ts';
import { simdOf } from './module.ts';
import { registerReductions } from './reduce.ts';
import { registerRows } from './rows.ts';
import { registerSlices } from './slice.ts';
import { registerTranspose } from './transpose.ts';

/** Registers them all once the module is open, and nothing before. Doing it twice changes nothing. */
export function registerSimdKernels(tf: TensorLibrary): void {
  if (!simdOf(tf)) return;
  registerBatchMatMul(tf);
  registerConcat(tf);
  registerConvolutions(tf);
  registerElementwise(tf);
  registerReductions(tf);
  registerRows(tf);
  registerSlices(tf);
  registerTranspose(tf);
}
