/** A file of named arrays, opened: headers are known, values are read on demand. */
import { Fault, type Place } from '../fault.ts';
import type { NdArray, TextArray } from '../tensor/array.ts';
import type { NumberType } from './numbers.ts';

/** What a header says about one array. */
export interface StoredArray {
  readonly name: string;
  /** numpy's name of the element type ("float32", "bool", "complex128", "object"), or "text". */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Rows of the leading axis: from `start`, `count` of them. */
export interface Rows {
  readonly start: number;
  readonly count: number;
}

export interface ArrayFile {
  readonly kind: 'arrays';
  readonly arrays: readonly StoredArray[];
  /** The array of that name, if any. */
  find(name: string): StoredArray | undefined;
  /** All values, or some rows of the leading axis. Throws a Fault `data/…`. */
  read(array: StoredArray, rows?: Rows): Promise<NdArray | TextArray>;
  /** The distinct texts of a whole text array, sorted: codes of categories must not depend on how much is used. */
  vocabulary(array: StoredArray): Promise<readonly string[]>;
  close(): void;
}

/** What kind of values an element type gives; undefined for one that cannot be read. */
export function valueKind(dtype: string): 'real' | 'integer' | 'text' | undefined {
  if (dtype === 'text') return 'text';
  if (['float64', 'float32', 'float16', 'bfloat16'].includes(dtype)) return 'real';
  return /^(u?int(8|16|32|64)|bool)$/.test(dtype) ? 'integer' : undefined;
}

export function isText(array: NdArray | TextArray): array is TextArray {
  return 'text' in array;
}

/** Sorted distinct values, by code unit. */
export function distinct(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}

/** The vocabulary of an array that has been read; empty for numbers. */
export function vocabularyOf(array: NdArray | TextArray): string[] {
  return isText(array) ? distinct(array.text) : [];
}

/** "float32 [12, 128, 3]", as messages write a header. */
export function headerText({ dtype, shape }: Pick<StoredArray, 'dtype' | 'shape'>): string {
  return `${dtype} [${shape.join(', ')}]`;
}

/** The Fault for an element type that Noether does not read. */
export function unsupportedType(dtype: NumberType | string, place: Place): Fault {
  const what = place.member === undefined ? 'The array' : `"${place.member}"`;
  return new Fault({
    code: 'data/unsupported-dtype',
    message: `${what} has the element type ${dtype}, which Noether does not read`,
    expected: 'floats, integers, booleans or fixed-width text',
    found: dtype,
    place,
    advice: adviceFor(dtype),
  });
}

function adviceFor(dtype: string): string {
  if (dtype === 'object') {
    return 'Object arrays are pickled Python and are never loaded. Save plain arrays: pad ragged lists and store the counts beside them (sizes: …).';
  }
  if (dtype.startsWith('complex')) return 'Store the real and the imaginary part as two float arrays.';
  if (dtype === 'structured') return 'Store each field of the record as an array of its own.';
  return 'Convert the array to float32 or float64 and save it again.';
}
