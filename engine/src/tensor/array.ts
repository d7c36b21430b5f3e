/**
 * Arrays on the host: what readers produce, group actions transform and models are given.
 * Reals are always float64 here, so that an action adds no rounding of its own; a model casts to the precision
 * that it runs in. Integers and categories are int32. Layout is row-major.
 */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array | Int32Array;
}

/** Text from a file (fixed-width unicode, csv cells, element symbols), before it is coded as categories. */
export interface TextArray {
  readonly shape: readonly number[];
  readonly text: readonly string[];
}

/** Named arrays: the inputs or the outputs of one run on one sample. */
export type Values = Readonly<Record<string, NdArray>>;

/** Number of entries of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** A float64 array. Throws when the length of `data` is not the size of `shape`. */
export function real(shape: readonly number[], data: ArrayLike<number>): NdArray {
  return make(shape, data instanceof Float64Array ? data : Float64Array.from(data));
}

/** An int32 array. Throws when the length of `data` is not the size of `shape`. */
export function integer(shape: readonly number[], data: ArrayLike<number>): NdArray {
  return make(shape, data instanceof Int32Array ? data : Int32Array.from(data));
}

/** True for float64 arrays, false for int32 ones. */
export function isReal(array: NdArray): array is NdArray & { data: Float64Array } {
  return array.data instanceof Float64Array;
}

function make(shape: readonly number[], data: Float64Array | Int32Array): NdArray {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`shape [${shape}] has ${sizeOf(shape)} entries, data has ${data.length}`);
  }
  return { shape, data };
}
