/**
 * A runtime is one tensor library at one precision. Model code receives it and calls `runtime.tf` only, so the very
 * same code runs in float32 on the fastest backend and in float64 on the twin.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { NdArray } from './array.ts';

export type TensorLibrary = typeof tfjs;
export type Tensor = tfjs.Tensor;
export type Precision = 'float32' | 'float64';

/** The rungs of the ladder, best first (ARCHITECTURE.md, "Backends"). */
export const backendNames = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** What was tried, what was taken, and why: shown by `noether backends` and written into every report. */
export interface BackendChoice {
  readonly name: BackendName | 'float64';
  /** "fastest that loads here" or "asked for by --backend". */
  readonly reason: string;
  /** Every rung above the taken one, with the reason it was passed over. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
  /** For people: "wasm (SIMD, 1 thread), tfjs 4.22.0". */
  readonly description: string;
}

export interface Runtime {
  readonly tf: TensorLibrary;
  readonly precision: Precision;
  readonly backend: BackendChoice;
  /** Uploads a host array. Reals take the runtime's precision, integers int32. */
  tensor(array: NdArray): Tensor;
  /** Downloads a tensor: float32 and float64 become Float64Array, int32 and bool become Int32Array. */
  array(tensor: Tensor): Promise<NdArray>;
}
