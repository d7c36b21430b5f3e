/** The tolerance rule of the stored cases. */
import type { NdArray } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { ParityCase } from './case.ts';

export type Kind = 'output' | 'intermediate' | 'gradient';

/** One compared tensor. */
export interface Comparison {
  readonly kind: Kind;
  /** "output.y", "inter.x1", "grad.weight.kernel.weight". */
  readonly name: string;
  /** max|a-b| / max|reference|; infinite when the shapes differ, or one of the two alone is not a number. */
  readonly difference: number;
  readonly tolerance: number;
}

/**
 * max|value - reference| / max(max|reference|, least); absolute when that is 0.
 * @param least floor of the denominator: gradients that vanish identically are compared with the largest of all
 */
export function relativeDifference(value: NdArray, reference: NdArray, least = 0): number {
  if (String(value.shape) !== String(reference.shape)) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = least;
  for (let i = 0; i < reference.data.length; i++) {
    // A reference that is not a number marks a missing value, which has to stay one.
    if (Number.isNaN(reference.data[i]!) && Number.isNaN(value.data[i]!)) continue;
    const off = Math.abs(value.data[i]! - reference.data[i]!);
    if (Number.isNaN(off)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, off);
    scale = Math.max(scale, Math.abs(reference.data[i]!));
  }
  return scale > 0 ? difference / scale : difference;
}

/** Largest absolute entry over all arrays. */
export function largestEntry(arrays: Iterable<NdArray>): number {
  let largest = 0;
  for (const { data } of arrays) for (const value of data) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/**
 * The cases state tolerances for everything in float64, and for outputs in float32. A float32 intermediate is held to the
 * widest of the outputs' tolerances; a float32 gradient to that times the measured ratio of the gradients'
 * sensitivity to rounding to the outputs' own, where it is above 1. What float32 can do at best may be less: see rounding.ts.
 * Outputs without a stated float32 tolerance are counts and flags: they have to agree exactly.
 */
export function toleranceOf(
  parityCase: ParityCase,
  kind: Kind,
  output: string,
  precision: Precision,
): number {
  const { float64, float32, conditioning } = parityCase.tolerance;
  if (precision === 'float64') return kind === 'gradient' ? float64.gradients : float64.outputs;
  const widest = Math.max(0, ...Object.values(float32.outputs));
  if (kind === 'output') return float32.outputs[output] ?? widest;
  if (kind === 'intermediate') return widest;
  const ratio = conditioning.outputs > 0 ? conditioning.gradients / conditioning.outputs : 1;
  return widest * Math.max(1, ratio);
}
