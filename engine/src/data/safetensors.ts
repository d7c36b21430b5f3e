/**
 * The safetensors format: 8 bytes header length (little endian), a JSON header that gives each tensor's dtype, shape
 * and byte range, then the bytes, row-major and little endian. Format: huggingface.co/docs/safetensors.
 */
import { Fault, type Place } from '../fault.ts';
import { type NdArray, sizeOf } from '../tensor/array.ts';
import type { ArrayFile, Rows } from './array-file.ts';
import { type ByteSource, corrupt, truncated, withBytes } from './bytes.ts';
import type { DataLimits } from './dataset.ts';
import { type Budget, openBudget } from './limits.ts';
import { decodedBytes, decodeNumbers, type NumberType, numberBytes } from './numbers.ts';

/** Where one tensor lies in the file; `start` and `end` are absolute byte offsets. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: NumberType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Safetensors {
  /** Reals are float64, integers and booleans int32, whatever the file stores. */
  readonly tensors: Map<string, NdArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypes: Readonly<Record<string, NumberType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

/** The format's own bound on its header. */
const maxHeaderBytes = 100_000_000;

/**
 * Reads all tensors of a file (by path) or of bytes in memory.
 * Throws a Fault: those of {@link readSafetensorsHeader}, `data/too-large`, `data/integer-overflow`, or that the file
 * cannot be opened.
 */
export function readSafetensors(source: string | Uint8Array, limits?: DataLimits): Safetensors {
  return withBytes(source, (bytes) => {
    const budget = openBudget(limits);
    const { entries, metadata } = readSafetensorsHeader(bytes, budget);
    // All is booked before anything is read, so that a file that is too large fails at once.
    const total = entries.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * decodedBytes(dtype), 0);
    budget.reserve(total, { file: bytes.file });
    budget.release(total);
    return {
      tensors: new Map(entries.map((entry) => [entry.name, readTensor(entry, bytes, budget)])),
      metadata,
    };
  });
}

/** Opens a file for binding: headers are known, values are read on demand. */
export function openSafetensors(bytes: ByteSource, budget: Budget): ArrayFile {
  const { entries } = readSafetensorsHeader(bytes, budget);
  return {
    kind: 'arrays',
    arrays: entries,
    find: (name) => entries.find((entry) => entry.name === name),
    async read({ name }, rows) {
      const entry = entries.find((candidate) => candidate.name === name);
      if (!entry) throw new Fault({ code: 'data/missing-array', message: `There is no array "${name}"` });
      return readTensor(entry, bytes, budget, rows);
    },
    // The format holds no text.
    vocabulary: async () => [],
    close: () => bytes.close(),
  };
}

function readTensor(entry: SafetensorsEntry, bytes: ByteSource, budget: Budget, rows?: Rows): NdArray {
  const place = { file: bytes.file, member: entry.name };
  const part = entry.shape.length > 0 ? rows : undefined;
  const count = part ? Math.max(0, Math.min(part.count, entry.shape[0]! - part.start)) : 0;
  const shape = part ? [count, ...entry.shape.slice(1)] : entry.shape;
  const width = numberBytes[entry.dtype];
  const start = entry.start + (part ? part.start * sizeOf(entry.shape.slice(1)) * width : 0);
  const length = sizeOf(shape) * width;
  budget.reserve(sizeOf(shape) * decodedBytes(entry.dtype) + length, place);
  const data = decodeNumbers(bytes.read(start, length), entry.dtype, false, place);
  budget.release(length);
  return { shape, data };
}

/**
 * Reads the header only, and checks it against the file's size.
 * Throws `data/truncated`, `data/corrupt`, `data/unsupported-dtype`, `data/too-large`.
 */
export function readSafetensorsHeader(bytes: ByteSource, budget: Budget): SafetensorsHeader {
  const place: Place = { file: bytes.file };
  if (bytes.size < 8) throw truncated(place, 'at least 8 bytes', `${bytes.size} bytes`);
  const start = bytes.read(0, 8);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > maxHeaderBytes) {
    throw corrupt(
      place,
      `This is not a safetensors file: its header claims ${length} bytes, the format allows ${maxHeaderBytes}`,
      'Check that the file really is in the safetensors format.',
    );
  }
  const base = 8 + Number(length);
  if (base > bytes.size) throw truncated(place, `a header of ${length} bytes`, `${bytes.size - 8} bytes`);
  // Parsed JSON is a few times as large as its text.
  budget.reserve(4 * Number(length), place);
  const header = parseHeader(bytes.read(8, Number(length)), place);
  budget.release(4 * Number(length));
  const entries: SafetensorsEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = metadataOf(value, place);
    else entries.push(entryOf(name, value, base, bytes));
  }
  return { entries, metadata };
}

function parseHeader(text: Uint8Array, place: Place): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    header = undefined;
  }
  if (!isRecord(header)) {
    throw corrupt(
      place,
      'This is not a safetensors file: its header is not a JSON object',
      'Check that the file really is in the safetensors format.',
    );
  }
  return header;
}

function metadataOf(value: unknown, place: Place): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((entry) => typeof entry === 'string')) {
    throw corrupt(place, 'The metadata in the safetensors header is not a map from text to text');
  }
  return value as Record<string, string>;
}

function entryOf(name: string, value: unknown, base: number, bytes: ByteSource): SafetensorsEntry {
  const place = { file: bytes.file, member: name };
  const { dtype, shape, data_offsets: range } = isRecord(value) ? value : {};
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(range) || range.length !== 2) {
    throw corrupt(
      place,
      `The safetensors header describes "${name}" in a form that the format does not have`,
    );
  }
  const type = Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined;
  if (type === undefined) {
    throw new Fault({
      code: 'data/unsupported-dtype',
      message: `"${name}" has the element type ${dtype}, which Noether does not read`,
      expected: Object.keys(dtypes).join(', '),
      found: dtype,
      place,
      advice: 'Store the tensor as F32 or F64.',
    });
  }
  const [from, to] = range as [number, number];
  const wanted = sizeOf(shape) * numberBytes[type];
  if (to - from !== wanted) {
    throw corrupt(
      place,
      `The safetensors header gives "${name}" ${to - from} bytes; ${dtype} of shape [${shape.join(', ')}] has ${wanted}`,
    );
  }
  if (base + to > bytes.size) throw truncated(place, `${base + to} bytes`, `${bytes.size} bytes`);
  return { name, dtype: type, shape, start: base + from, end: base + to };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
