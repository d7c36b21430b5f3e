/** Values of .npy arrays, wherever their bytes come from: a file, or an entry of an archive. */
import type { Place } from '../fault.ts';
import { type NdArray, sizeOf, type TextArray } from '../tensor/array.ts';
import { type ArrayFile, isText, type Rows, unsupportedType, vocabularyOf } from './array-file.ts';
import { type ByteSource, corrupt, openBytes, truncated } from './bytes.ts';
import type { DataLimits } from './dataset.ts';
import { type Budget, openBudget } from './limits.ts';
import { type NpyHeader, npyHeaderBytes, npyPreambleBytes, parseNpyHeader } from './npy-header.ts';
import { decodedBytes, decodeNumbers } from './numbers.ts';

/** Gives `length` bytes from `offset` of one .npy, header included. */
export type Fetch = (offset: number, length: number) => Uint8Array | Promise<Uint8Array>;

/**
 * Reads one .npy array from a path or from bytes in memory; any version, byte order and memory order.
 * Throws a Fault: `data/wrong-magic`, `data/truncated`, `data/corrupt`, `data/unsupported-dtype`, `data/too-large`,
 * `data/integer-overflow`, or that the file cannot be opened.
 */
export async function readNpy(
  source: string | Uint8Array,
  limits?: DataLimits,
): Promise<NdArray | TextArray> {
  const bytes = openBytes(source);
  try {
    const file = await openNpy(bytes, openBudget(limits), 'array');
    return await file.read(file.arrays[0]!);
  } finally {
    bytes.close();
  }
}

/** A .npy file as a file of one array. */
export async function openNpy(bytes: ByteSource, budget: Budget, name: string): Promise<ArrayFile> {
  const place = { file: bytes.file, member: name };
  const fetch: Fetch = (offset, length) => bytes.read(offset, length);
  const header = await fetchNpyHeader(fetch, bytes.size, { file: bytes.file });
  const array = { name, dtype: header.dtype, shape: header.shape };
  const read = (rows?: Rows) => readNpyValues(header, fetch, bytes.size, rows, budget, place);
  return {
    kind: 'arrays',
    arrays: [array],
    find: (wanted) => (wanted === name ? array : undefined),
    read: (_, rows) => read(rows),
    vocabulary: async () => vocabularyOf(await read()),
    close: () => bytes.close(),
  };
}

/** Reads the header. `size` is the number of bytes that the .npy has in all. */
export async function fetchNpyHeader(fetch: Fetch, size: number, place: Place): Promise<NpyHeader> {
  if (size < npyPreambleBytes) throw truncated(place, `at least ${npyPreambleBytes} bytes`, `${size} bytes`);
  const length = npyHeaderBytes(await fetch(0, npyPreambleBytes), place);
  if (length > size) throw truncated(place, `a header of ${length} bytes`, `${size} bytes`);
  return parseNpyHeader(await fetch(0, length), place);
}

/** Reads all rows or some. Sizes are checked and memory is booked from the header, before anything is fetched. */
export async function readNpyValues(
  header: NpyHeader,
  fetch: Fetch,
  size: number,
  rows: Rows | undefined,
  budget: Budget,
  place: Place,
): Promise<NdArray | TextArray> {
  const { element, shape, itemBytes, dataOffset } = header;
  if (element.kind === 'unsupported') throw unsupportedType(header.dtype, place);
  const end = dataOffset + sizeOf(shape) * itemBytes;
  if (end > size) throw truncated(place, `${end} bytes`, `${size} bytes`);
  // Columns first means that a row is scattered over the whole array: then all is read.
  const scattered = header.fortran && shape.length > 1;
  const part = rows && shape.length > 0 && !scattered ? rows : undefined;
  const count = part ? Math.max(0, Math.min(part.count, shape[0]! - part.start)) : 0;
  const readShape = part ? [count, ...shape.slice(1)] : shape;
  const entries = sizeOf(readShape);
  const start = part ? part.start * (sizeOf(shape.slice(1)) * itemBytes) : 0;

  const kept = element.kind === 'number' ? decodedBytes(element.type) : textBytes(element.length);
  budget.reserve(entries * kept * (scattered ? 2 : 1), place);
  budget.reserve(entries * itemBytes, place);
  const raw = await fetch(dataOffset + start, entries * itemBytes);
  let result: NdArray | TextArray;
  if (element.kind === 'number') {
    result = { shape: readShape, data: decodeNumbers(raw, element.type, element.bigEndian, place) };
  } else {
    const text =
      element.kind === 'unicode'
        ? decodeUnicode(raw, entries, element.length, element.bigEndian, place)
        : decodeByteText(raw, entries, element.length, place);
    result = { shape: readShape, text };
  }
  if (scattered) result = rowMajor(result);
  budget.release(entries * itemBytes + (scattered ? entries * kept : 0));
  return scattered && rows ? takeRows(result, rows) : result;
}

/** What a short string costs: its header and a slot in the list, and its characters. */
function textBytes(length: number): number {
  return 24 + 2 * length;
}

function decodeUnicode(
  raw: Uint8Array,
  count: number,
  length: number,
  bigEndian: boolean,
  place: Place,
): string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    let zeros = 0;
    for (let j = 0; j < length; j++) {
      const point = view.getUint32(4 * (i * length + j), !bigEndian);
      if (point > 0x10_ffff)
        throw corrupt(place, `"${place.member}" holds a character that Unicode does not have`);
      // Zeros at the end are padding; inside they are characters.
      if (point === 0) zeros++;
      else {
        text += '\0'.repeat(zeros) + String.fromCodePoint(point);
        zeros = 0;
      }
    }
    return text;
  });
}

function decodeByteText(raw: Uint8Array, count: number, length: number, place: Place): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return Array.from({ length: count }, (_, i) => {
    let end = (i + 1) * length;
    while (end > i * length && raw[end - 1] === 0) end--;
    try {
      return decoder.decode(raw.subarray(i * length, end));
    } catch {
      throw corrupt(place, `"${place.member}" holds bytes at index ${i} that are not UTF-8 text`);
    }
  });
}

/** The same array with its last axis running quickest. */
function rowMajor(array: NdArray | TextArray): NdArray | TextArray {
  const { shape } = array;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const from = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < from.length; i++) {
    from[i] = source;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      source += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      source -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  if (isText(array)) return { shape, text: Array.from(from, (j) => array.text[j]!) };
  const data = array.data.slice();
  for (let i = 0; i < from.length; i++) data[i] = array.data[from[i]!]!;
  return { shape, data };
}

function takeRows(array: NdArray | TextArray, { start, count }: Rows): NdArray | TextArray {
  const rows = Math.max(0, Math.min(count, array.shape[0]! - start));
  const shape = [rows, ...array.shape.slice(1)];
  const width = sizeOf(array.shape.slice(1));
  const [from, to] = [start * width, (start + rows) * width];
  return isText(array)
    ? { shape, text: array.text.slice(from, to) }
    : { shape, data: array.data.slice(from, to) };
}
