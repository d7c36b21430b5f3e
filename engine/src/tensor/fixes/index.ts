/** Noether's corrections to TensorFlow.js 4.22.0, which is frozen upstream: its errors are mended here, beside it. */
import type { TensorLibrary } from '../runtime.ts';
import { registerSimdKernels } from '../simd/index.ts';
import { fixComparisonGradients } from './comparisons.ts';
import { fillWasmComplex, fixComplexGradients } from './complex.ts';
import { fixConvolutionGradients } from './convolution-gradients.ts';
import { fixCumulativeGradients } from './cumulative.ts';
import { fixEinsumGradient, fixEinsumKernel } from './einsum.ts';
import { fixErf } from './erf.ts';
import { fixExtremeGradients } from './extremes.ts';
import { fillWasm } from './fill-wasm.ts';
import { fixGatherGradients, fixGatherKernels } from './gather.ts';
import { fixHostArithmetic } from './host-arithmetic.ts';
import { fixHostMoves } from './host-moves.ts';
import { fixIndexedGradients } from './indexed.ts';
import { fixMatmulGradient } from './matmul-gradient.ts';
import { fixMirrorPadGradient } from './mirror-pad.ts';
import { fixPoolGradients } from './pools.ts';
import { fixRearrangedGradients } from './rearranged.ts';
import { fixResizeGradients } from './resize.ts';
import { fixStridedSliceGradient } from './strided-slice.ts';
import { fixTopKGradient } from './top-k.ts';

/**
 * Corrects one library, in any precision. Native packages register gradients of their own when they are loaded, so it
 * is called again after that; calling it twice changes nothing.
 */
export function applyFixes(tf: TensorLibrary): void {
  const wasm = tf.findBackendFactory('wasm') !== null && tf.findBackendFactory('wasm') !== undefined;
  if (wasm) {
    fillWasm(tf);
    fillWasmComplex(tf);
  }
  for (const backend of wasm ? (['cpu', 'wasm'] as const) : (['cpu'] as const)) {
    fixGatherKernels(tf, backend);
    fixErf(tf, backend);
    fixEinsumKernel(tf, backend);
  }
  fixHostArithmetic(tf);
  fixHostMoves(tf);
  fixGatherGradients(tf);
  fixMatmulGradient(tf);
  fixMirrorPadGradient(tf);
  fixComparisonGradients(tf);
  fixExtremeGradients(tf);
  fixEinsumGradient(tf);
  fixIndexedGradients(tf);
  fixStridedSliceGradient(tf);
  fixTopKGradient(tf);
  fixCumulativeGradients(tf);
  fixRearrangedGradients(tf);
  fixConvolutionGradients(tf);
  fixPoolGradients(tf);
  fixResizeGradients(tf);
  fixComplexGradients(tf);
  // Last, because they replace some of the kernels above.
  registerSimdKernels(tf);
}
