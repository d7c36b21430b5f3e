/** Noether's corrections to TensorFlow.js 4.22.0, which is frozen upstream: its errors are mended here, beside it. */
import type { TensorLibrary } from '../runtime.ts';
import { registerSimdKernels } from '../simd/index.ts';
import { fixComparisonGradients } from './comparisons.ts';
import { fixErf } from './erf.ts';
import { fixExtremeGradients } from './extremes.ts';
import { fillWasm } from './fill-wasm.ts';
import { fixGatherGradients, fixGatherKernels } from './gather.ts';
import { fixMatmulGradient } from './matmul-gradient.ts';
import { fixMirrorPadGradient } from './mirror-pad.ts';

/**
 * Corrects one library, in any precision. Native packages register gradients of their own when they are loaded, so it
 * is called again after that; calling it twice changes nothing.
 */
export function applyFixes(tf: TensorLibrary): void {
  const wasm = tf.findBackendFactory('wasm') !== null && tf.findBackendFactory('wasm') !== undefined;
  if (wasm) fillWasm(tf);
  for (const backend of wasm ? (['cpu', 'wasm'] as const) : (['cpu'] as const)) {
    fixGatherKernels(tf, backend);
    fixErf(tf, backend);
  }
  fixGatherGradients(tf);
  fixMatmulGradient(tf);
  fixMirrorPadGradient(tf);
  fixComparisonGradients(tf);
  fixExtremeGradients(tf);
  // Last, because they replace some of the kernels above.
  registerSimdKernels(tf);
}
