/**
 * HDF5 through h5wasm, the HDF Group's own library compiled to WebAssembly. Every dataset of the file is an array, named
 * by its path without the leading slash. Attributes are left out; what is compressed is read where the library can.
 */

import type { File as Hdf5File, Metadata } from 'h5wasm/node';
import { Fault } from '../fault.ts';
import { integer, type NdArray, real, sizeOf, type TextArray } from '../tensor/array.ts';
import { type ArrayFile, type Rows, type StoredArray, unsupportedType, vocabularyOf } from './array-file.ts';
import { type ByteSource, corrupt } from './bytes.ts';
import type { Budget } from './limits.ts';
import { decodedBytes, decodeNumbers, type NumberType } from './numbers.ts';

/** Classes of types in HDF5's own numbering (H5T_class_t). */
const classes = { integer: 0, float: 1, string: 3, compound: 6, enumeration: 8 };

/** Opens a file: its tree and the header of each dataset are read. Throws `data/corrupt` where the library refuses it. */
export async function openHdf5(bytes: ByteSource, budget: Budget): Promise<ArrayFile> {
  const place = { file: bytes.file };
  if (!hasSignature(bytes)) {
    throw new Fault({
      code: 'data/wrong-magic',
      message: 'This is not an HDF5 file: it does not start with the mark of one',
      expected: 'the bytes \\x89HDF',
      place,
      advice: 'Write it with h5py, or give the file the extension of what it is.',
    });
  }
  const { default: h5wasm } = await import('h5wasm/node');
  // The library would write its stack of errors to the terminal; thrown, they come as one message.
  const module = await h5wasm.ready;
  module.activate_throwing_error_handler();
  let file: Hdf5File;
  const stored = new Map<string, StoredArray>();
  try {
    file = new h5wasm.File(bytes.file!, 'r');
    for (const path of file.paths()) {
      const dataset = file.get(path);
      if (!(dataset instanceof h5wasm.Dataset)) continue;
      const { metadata } = dataset;
      // A dataset may be declared and hold nothing (H5S_NULL).
      if (metadata.shape === null) continue;
      const name = path.replace(/^\/+/, '');
      stored.set(name, { name, dtype: dtypeOf(metadata), shape: metadata.shape.map(Number) });
    }
  } catch (error) {
    throw corrupt(place, `This is no HDF5 file that can be read: ${firstLine(error)}`);
  }

  function read(array: StoredArray, rows?: Rows): NdArray | TextArray {
    const { name, dtype } = array;
    const at = { ...place, member: name };
    const count =
      rows && array.shape.length > 0
        ? Math.max(0, Math.min(rows.count, array.shape[0]! - rows.start))
        : undefined;
    const shape = count === undefined ? array.shape : [count, ...array.shape.slice(1)];
    const known = dtype === 'text' || /^(?:float(?:16|32|64)|u?int(?:8|16|32|64)|bool)$/.test(dtype);
    if (!known) throw unsupportedType(dtype, at);
    const size = sizeOf(shape);
    // The library hands over its own copy, which lives until it is converted.
    budget.reserve(size * (dtype === 'text' ? 64 : 16), at);
    const dataset = file.get(`/${name}`) as InstanceType<typeof h5wasm.Dataset>;
    let value: unknown;
    try {
      if (dtype === 'float16' && size > 0) {
        const bytes = storedBytes(module, file, name, array.shape, rows);
        const bigEndian = !dataset.metadata.littleEndian;
        budget.release(size * 8);
        return real(shape, decodeNumbers(bytes, 'float16', bigEndian, at) as Float64Array);
      }
      value =
        count === undefined || size === 0
          ? dataset.value
          : dataset.slice([[rows!.start, rows!.start + count]]);
    } catch (error) {
      throw corrupt(at, `"${name}" cannot be read: ${firstLine(error)}`);
    }
    if (dtype === 'text')
      return { shape, text: size === 0 ? [] : [value].flat(Number.POSITIVE_INFINITY).map(String) };
    const data = size === 0 ? emptyOf(dtype) : numbersOf(value, dtype as NumberType, at);
    budget.release(size * (16 - decodedBytes(dtype as NumberType)));
    return data instanceof Float64Array ? real(shape, data) : integer(shape, data);
  }

  return {
    kind: 'arrays',
    arrays: [...stored.values()],
    find: (name) => stored.get(name.replace(/^\/+/, '')),
    read: async (array, rows) => read(array, rows),
    vocabulary: async (array) => vocabularyOf(read(array)),
    close() {
      file.close();
      bytes.close();
    },
  };
}

/** The library's module, as far as half precision needs it: there is no reader of it in the library itself. */
interface RawReader {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  get_dataset_data(
    file: bigint,
    path: string,
    count: readonly bigint[] | null,
    offset: readonly bigint[] | null,
    strides: readonly bigint[] | null,
    address: bigint,
  ): number;
}

/** The bytes of a dataset of two-byte numbers as they are stored, all or some rows. */
function storedBytes(
  module: unknown,
  { file_id }: Hdf5File,
  name: string,
  shape: readonly number[],
  rows: Rows | undefined,
): Uint8Array {
  const reader = module as RawReader;
  const some = rows && shape.length > 0 ? Math.min(rows.count, shape[0]! - rows.start) : undefined;
  const count = some === undefined ? [...shape] : [some, ...shape.slice(1)];
  const bytes = 2 * sizeOf(count);
  const address = reader._malloc(bytes);
  if (address === 0) throw new Error('there is no memory left');
  try {
    const part = (values: readonly number[]) => (some === undefined ? null : values.map(BigInt));
    const offset = shape.map((_, axis) => (axis === 0 ? (rows?.start ?? 0) : 0));
    const steps = shape.map(() => 1);
    reader.get_dataset_data(file_id, `/${name}`, part(count), part(offset), part(steps), BigInt(address));
    return reader.HEAPU8.slice(address, address + bytes);
  } finally {
    reader._free(address);
  }
}

/** numpy's name of a type, as h5py shows it: its booleans are an enumeration of FALSE and TRUE. */
function dtypeOf({ type, size, signed, enum_type }: Metadata): string {
  switch (type) {
    case classes.integer:
      return `${signed ? '' : 'u'}int${8 * size}`;
    case classes.float:
      return `float${8 * size}`;
    case classes.string:
      return 'text';
    case classes.compound:
      return 'structured';
    case classes.enumeration: {
      const names = Object.keys(enum_type?.members ?? {})
        .sort()
        .join();
      return names === 'FALSE,TRUE' ? 'bool' : `${signed ? '' : 'u'}int${8 * size}`;
    }
    default:
      return 'object';
  }
}

/** A scalar comes as a number or bigint, anything else as a typed array in this machine's order. */
function numbersOf(value: unknown, dtype: NumberType, place: { file: string | undefined; member: string }) {
  if (ArrayBuffer.isView(value)) {
    if (value instanceof Float32Array || value instanceof Float64Array) return Float64Array.from(value);
    const { buffer, byteOffset, byteLength } = value;
    return decodeNumbers(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), dtype, false, place);
  }
  const scalars = [value].flat(Number.POSITIVE_INFINITY).map(Number);
  if (dtype.startsWith('float')) return Float64Array.from(scalars);
  const wide = BigInt64Array.from(scalars, (scalar) => BigInt(scalar));
  return decodeNumbers(new Uint8Array(wide.buffer), 'int64', false, place);
}

function emptyOf(dtype: string): Float64Array | Int32Array {
  return dtype.startsWith('float') ? new Float64Array(0) : new Int32Array(0);
}

/** The mark may stand behind a block of the user's own: at 0, 512, 1024, and so on, doubling. */
function hasSignature(bytes: ByteSource): boolean {
  const mark = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  for (let at = 0; at + mark.length <= bytes.size; at = Math.max(512, 2 * at)) {
    const part = bytes.read(at, mark.length);
    if (mark.every((byte, i) => part[i] === byte)) return true;
  }
  return false;
}

function firstLine(error: unknown): string {
  return String((error as Error)?.message ?? error).split('\n', 1)[0]!;
}
