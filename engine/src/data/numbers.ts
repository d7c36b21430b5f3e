/**
 * Element types of array files and their conversion to what the engine computes with: every float becomes float64
 * (exactly), every integer and boolean int32.
 */
import { Fault, type Place } from '../fault.ts';

/** Names of numeric element types, as numpy spells them; bfloat16 is in safetensors only. */
export type NumberType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

/** Bytes of one element. */
export const numberBytes: Readonly<Record<NumberType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Bytes of one element once it is in memory: 8 for reals, 4 for integers. */
export function decodedBytes(type: NumberType): 8 | 4 {
  return type.includes('float') ? 8 : 4;
}

const hostIsBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

/**
 * Decodes `bytes`, a whole number of elements.
 * Throws `data/integer-overflow` for an integer outside int32, naming its flat index.
 */
export function decodeNumbers(
  bytes: Uint8Array,
  type: NumberType,
  bigEndian: boolean,
  place: Place,
): Float64Array | Int32Array {
  const width = numberBytes[type];
  const count = bytes.length / width;
  const native = nativeOrder(bytes, width, bigEndian !== hostIsBigEndian);
  const { buffer, byteOffset } = native;
  switch (type) {
    case 'float64':
      // Alone in its buffer: taken over as it is. Part of a larger one: copied, so that the rest can be freed.
      return byteOffset === 0 && buffer.byteLength === native.length
        ? new Float64Array(buffer)
        : new Float64Array(buffer, byteOffset, count).slice();
    case 'float32':
      return new Float64Array(new Float32Array(buffer, byteOffset, count));
    case 'float16':
      return Float64Array.from(new Uint16Array(buffer, byteOffset, count), halfToNumber);
    case 'bfloat16': {
      // A bfloat16 is the upper half of the float32 of the same value.
      const upper = Uint32Array.from(new Uint16Array(buffer, byteOffset, count), (bits) => bits << 16);
      return new Float64Array(new Float32Array(upper.buffer));
    }
    case 'int32':
      return new Int32Array(new Int32Array(buffer, byteOffset, count));
    case 'int16':
      return new Int32Array(new Int16Array(buffer, byteOffset, count));
    case 'int8':
      return new Int32Array(new Int8Array(buffer, byteOffset, count));
    case 'uint16':
      return new Int32Array(new Uint16Array(buffer, byteOffset, count));
    case 'uint8':
      return new Int32Array(native);
    case 'bool':
      return Int32Array.from(native, (value) => (value ? 1 : 0));
    case 'uint32': {
      const values = new Uint32Array(buffer, byteOffset, count);
      const index = values.findIndex((value) => value > 0x7fff_ffff);
      if (index >= 0) throw overflow(type, index, String(values[index]), place);
      return new Int32Array(values);
    }
    case 'int64':
    case 'uint64': {
      // Two int32 halves are much quicker than bigints: the value fits where the upper half only extends the sign.
      const halves = new Int32Array(buffer, byteOffset, 2 * count);
      const [low, high] = hostIsBigEndian ? [1, 0] : [0, 1];
      const result = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        const value = halves[2 * i + low]!;
        const upper = halves[2 * i + high]!;
        const fits = type === 'int64' ? upper === value >> 31 : upper === 0 && value >= 0;
        if (!fits) {
          const Wide = type === 'int64' ? BigInt64Array : BigUint64Array;
          throw overflow(type, i, String(new Wide(buffer, byteOffset + 8 * i, 1)[0]), place);
        }
        result[i] = value;
      }
      return result;
    }
  }
}

/** The value of an IEEE 754 half-precision number given by its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The bytes in the order of this machine, at an address that a typed array accepts. */
function nativeOrder(bytes: Uint8Array, width: number, swap: boolean): Uint8Array<ArrayBuffer> {
  const aligned = bytes.byteOffset % width === 0 && bytes.buffer instanceof ArrayBuffer;
  if (!swap || width === 1) return aligned ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  const swapped = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += width) {
    for (let i = 0; i < width; i++) swapped[start + i] = bytes[start + width - 1 - i]!;
  }
  return swapped;
}

function overflow(type: NumberType, index: number, value: string, place: Place): Fault {
  const what = place.member === undefined ? 'An array' : `"${place.member}"`;
  return new Fault({
    code: 'data/integer-overflow',
    message: `${what} (${type}) holds ${value} at flat index ${index}, which does not fit in 32 bits`,
    expected: 'integers from -2147483648 to 2147483647',
    found: value,
    place,
    advice: 'Store the array as float64, or as smaller integers.',
  });
}
