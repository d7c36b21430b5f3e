/**
 * Parquet tables through hyparquet. Each column is an array [row]; one whose cells are lists of equally many numbers is
 * an array [row, entries]. Pages may be uncompressed, or in snappy, gzip, zstd or brotli.
 */
import * as zlib from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { Fault } from '../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../tensor/array.ts';
import { type ArrayFile, type Rows, type StoredArray, unsupportedType, vocabularyOf } from './array-file.ts';
import { type ByteSource, corrupt } from './bytes.ts';
import type { Budget } from './limits.ts';

type Place = { readonly file: string | undefined; readonly member?: string };

/** Opens a table: its footer is read, and of each column the first row, which tells whether it holds lists. */
export async function openParquet(bytes: ByteSource, budget: Budget): Promise<ArrayFile> {
  const place: Place = { file: bytes.file };
  const buffer: AsyncBuffer = {
    byteLength: bytes.size,
    slice: (start, end = bytes.size) => {
      const part = bytes.read(start, end - start);
      return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
    },
  };
  const metadata = await guarded(place, () => parquetMetadataAsync(buffer));
  const total = Number(metadata.num_rows);
  const rows = (columns: string[], rowStart: number, rowEnd: number, at: Place) =>
    guarded(at, () => parquetReadObjects({ file: buffer, metadata, columns, rowStart, rowEnd, compressors }));
  const names = topLevel(metadata);
  const [first = {}] = total > 0 ? await rows(names, 0, 1, place) : [];
  const stored = new Map<string, StoredArray>();
  for (const name of names) {
    const cell: unknown = first[name];
    stored.set(name, {
      name,
      dtype: dtypeOf(name, metadata, cell),
      shape: Array.isArray(cell) ? [total, cell.length] : [total],
    });
  }

  async function read(
    { name, dtype, shape }: StoredArray,
    { start, count: asked }: Rows = { start: 0, count: total },
  ): Promise<NdArray | TextArray> {
    const at = { ...place, member: name };
    if (dtype === 'object') throw unsupportedType(dtype, at);
    const count = Math.max(0, Math.min(asked, total - start));
    const width = shape[1] ?? 1;
    budget.reserve(count * width * 48, at);
    const values = (await rows([name], start, start + count, at)).flatMap((row, i) =>
      cellsOf(row[name], shape[1], start + i, at),
    );
    const part = [count, ...shape.slice(1)];
    if (dtype === 'text') return { shape: part, text: values.map(String) };
    if (dtype.startsWith('float')) return real(part, Float64Array.from(values, Number));
    return integer(
      part,
      Int32Array.from(values, (value, i) => whole(value, start + Math.floor(i / width), at)),
    );
  }

  return {
    kind: 'arrays',
    arrays: [...stored.values()],
    find: (name) => stored.get(name),
    read,
    vocabulary: async (array) => vocabularyOf(await read(array)),
    close: () => bytes.close(),
  };
}

const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  // Node has it since 22.15; without it the library says that the codec is not supported.
  ...(zlib.zstdDecompressSync ? { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) } : {}),
};

/** Columns of the table. The schema is a list in depth-first order; the first element is its root. */
function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++]?.num_children ?? 0;
    for (let i = 0; i < children; i++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]!.name);
    skip();
  }
  return names;
}

/** numpy's name of what a column holds, by its first cell and the stored type of its leaf. */
function dtypeOf(name: string, { schema }: FileMetaData, first: unknown): string {
  let leaf = schema.findIndex((element, i) => i > 0 && element.name === name);
  while (schema[leaf]?.num_children) leaf++;
  const value = Array.isArray(first) ? first[0] : first;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'object' && value !== null) return 'object';
  switch (schema[leaf]?.type) {
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
      return 'int32';
    case 'INT64':
      return 'int64';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    default:
      return 'text';
  }
}

function cellsOf(cell: unknown, width: number | undefined, row: number, place: Place): unknown[] {
  const cells = Array.isArray(cell) ? cell : [cell];
  if (cells.length !== (width ?? 1) || Array.isArray(cell) !== (width !== undefined)) {
    throw new Fault({
      code: 'data/size-mismatch',
      message: `Row ${row}: "${place.member}" has ${cells.length} entries; the first row has ${width ?? 1}`,
      expected: `${width ?? 1} entries in every row`,
      found: `${cells.length}`,
      place,
      advice: 'Pad the lists to one length and store their true lengths in another column (sizes: …).',
    });
  }
  if (cells.some((value) => value === null || value === undefined)) {
    throw new Fault({
      code: 'data/missing-value',
      message: `Row ${row}: column "${place.member}" has no value`,
      expected: 'a value in every row that is used',
      found: 'null',
      place,
      advice: 'Remove these rows, fill in values, or leave the column out.',
    });
  }
  return cells;
}

function whole(value: unknown, row: number, place: Place): number {
  const number = Number(value);
  if (number === (number | 0)) return number;
  throw new Fault({
    code: 'data/integer-overflow',
    message: `Row ${row}: "${place.member}" holds ${String(value)}, which does not fit in 32 bits`,
    expected: 'integers from -2147483648 to 2147483647',
    found: String(value),
    place,
    advice: 'Store large identifiers as text or floats.',
  });
}

async function guarded<T>(place: Place, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw corrupt(
      place,
      `This is no Parquet file that can be read: ${String((error as Error).message).split('\n', 1)[0]}`,
    );
  }
}
