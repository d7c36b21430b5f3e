/** What a model family provides so that its cases can be run. */
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import type { ParityCase } from './case.ts';

/** Tensors by name, without the prefixes of the files. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a runner computes: outputs enter the loss, intermediates are only compared. */
export interface Computed {
  readonly outputs: Tensors;
  readonly intermediates: Tensors;
}

export interface Runner {
  readonly system: string;
  /** True for the cases that it can run. */
  handles(parityCase: ParityCase): boolean;
  /** The case's intermediates are the random draws that the computation starts from: taken as given, and not compared. */
  readonly takesIntermediates?: boolean;
  /**
   * The ways to compute a case, each to be compared in full: a formulation that is fast and one that is plain. Default: one,
   * named 'plain'.
   */
  forms?(parityCase: ParityCase): readonly string[];
  /**
   * The computation, differentiable in all of `inputs` and `weights` (integer arrays are read from the case itself).
   * Runs inside tf.tidy.
   * @param double the float64 runtime, for models that do parts of their work in double precision everywhere
   */
  compute(
    runtime: Runtime,
    parityCase: ParityCase,
    inputs: Tensors,
    weights: Tensors,
    form: string,
    double: Runtime,
  ): Computed;
}

/** The case's array of that name; a defect of the case when it is missing. */
export function arrayOf(arrays: ReadonlyMap<string, import('../tensor/array.ts').NdArray>, name: string) {
  const array = arrays.get(name);
  if (!array) throw new Error(`the case stores no ${name}`);
  return array;
}
