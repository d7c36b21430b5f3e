/** The numbers in an ONNX array: how many there must be, and reading floating ones as float64. */
import { elementCode, elementType } from './element-types.ts';
import { fromBfloat16Bits, fromFloat16Bits } from './half.ts';
import { createMessage, type TensorProto } from './proto.ts';

/** Number of entries that the dims of `tensor` say; NaN when a dim is negative or the product is not exact. */
export function entryCount(tensor: Pick<TensorProto, 'dims'>): number {
  let count = 1;
  for (const dim of tensor.dims) {
    const size = Number(dim);
    count *= size >= 0 ? size : Number.NaN;
  }
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

/** Bytes that the entries take raw; `undefined` for strings and types that are not known. */
export function rawByteCount(tensor: Pick<TensorProto, 'dims' | 'dataType'>): number | undefined {
  const { bits } = elementType(tensor.dataType);
  return bits === undefined ? undefined : Math.ceil((entryCount(tensor) * bits) / 8);
}

/** Why the array's numbers do not fill its dims, as a phrase; `undefined` when they do. External ones are not looked at. */
export function dataMismatch(tensor: TensorProto): string | undefined {
  if (tensor.dataLocation === 1) return undefined;
  const count = entryCount(tensor);
  const { name } = elementType(tensor.dataType);
  const shape = `[${tensor.dims.map(String).join(', ')}] ${name}`;
  if (Number.isNaN(count)) return `has the impossible shape ${shape}`;
  if (Object.hasOwn(tensor, 'rawData')) {
    const bytes = rawByteCount(tensor);
    if (bytes === undefined || bytes === tensor.rawData.length) return undefined;
    return `is ${shape}, which takes ${bytes} bytes, and holds ${tensor.rawData.length}`;
  }
  const found = listLength(tensor);
  if (found === undefined || found === count) return undefined;
  return `is ${shape}, which has ${count} entries, and holds ${found}`;
}

/** Entries of the typed list that belongs to the type, where each entry has one of its own. */
function listLength(tensor: TensorProto): number | undefined {
  switch (tensor.dataType) {
    case elementCode.float32:
      return tensor.floatData.length;
    case elementCode.float64:
      return tensor.doubleData.length;
    case elementCode.int64:
      return tensor.int64Data.length;
    default:
      return undefined;
  }
}

/**
 * The entries of a float32, float16, bfloat16 or float64 array as float64, exactly.
 * @throws RangeError when the array is of another type.
 */
export function floatEntries(tensor: TensorProto): Float64Array {
  const raw = Object.hasOwn(tensor, 'rawData') ? aligned(tensor.rawData) : undefined;
  switch (tensor.dataType) {
    case elementCode.float32:
      return Float64Array.from(raw ? new Float32Array(raw) : tensor.floatData);
    case elementCode.float64:
      return raw ? new Float64Array(raw) : Float64Array.from(tensor.doubleData);
    case elementCode.float16:
      return Float64Array.from(raw ? new Uint16Array(raw) : tensor.int32Data, fromFloat16Bits);
    case elementCode.bfloat16:
      return Float64Array.from(raw ? new Uint16Array(raw) : tensor.int32Data, fromBfloat16Bits);
    default:
      throw new RangeError(`${elementType(tensor.dataType).name} is not a floating type`);
  }
}

/** A float64 array with these entries. */
export function doubleTensor(name: string, dims: TensorProto['dims'], entries: Float64Array): TensorProto {
  const rawData = new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength);
  return createMessage('Tensor', { name, dims, dataType: elementCode.float64, rawData });
}

/** A copy that starts at a multiple of eight, as typed arrays need. ONNX is little-endian, and so is every host of ours. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
