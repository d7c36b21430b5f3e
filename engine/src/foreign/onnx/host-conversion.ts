/**
 * Between arrays on the host (float64 and int32) and the element types of a graph. A number that its type cannot hold is
 * a fault: a silent wrap or overflow would look like a broken symmetry.
 */
import { Fault } from '../../fault.ts';
import type { NdArray } from '../../tensor/array.ts';
import { float16Max, fromFloat16Bits, toFloat16Bits } from './half.ts';

/** What both runtimes take as the data of a tensor. */
export type OnnxData =
  | Float32Array
  | Float64Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

interface Conversion {
  /** An array for so many entries. */
  readonly allocate: (length: number) => OnnxData;
  readonly write: (data: OnnxData, at: number, value: number) => void;
  /** Whether the type can hold the number: exactly for integers, to its rounding for floats. */
  readonly holds: (value: number) => boolean;
  readonly range: string;
}

function integers(min: number, max: number, allocate: (length: number) => OnnxData): Conversion {
  return {
    allocate,
    write: (data, at, value) => {
      data[at] = value;
    },
    holds: (value) => Number.isInteger(value) && value >= min && value <= max,
    range: `integers from ${min} to ${max}`,
  };
}

function bigIntegers(min: number, allocate: (length: number) => BigInt64Array | BigUint64Array): Conversion {
  return {
    allocate,
    write: (data, at, value) => {
      data[at] = BigInt(value);
    },
    holds: (value) => Number.isSafeInteger(value) && value >= min,
    range: min === 0 ? 'integers from 0 on' : 'integers',
  };
}

function floats(largest: number, allocate: (length: number) => OnnxData, bits?: (value: number) => number) {
  const write: Conversion['write'] = (data, at, value) => {
    data[at] = bits ? bits(value) : value;
  };
  const holds = (value: number) =>
    !(Math.abs(value) > largest) || Math.abs(value) === Number.POSITIVE_INFINITY;
  return { allocate, write, holds, range: `numbers up to ${largest}` };
}

const float32Max = 3.4028234663852886e38;

const conversions: Readonly<Record<string, Conversion>> = {
  float16: floats(float16Max, (n) => new Uint16Array(n), toFloat16Bits),
  float32: floats(float32Max, (n) => new Float32Array(n)),
  float64: floats(Number.MAX_VALUE, (n) => new Float64Array(n)),
  int8: integers(-128, 127, (n) => new Int8Array(n)),
  uint8: integers(0, 255, (n) => new Uint8Array(n)),
  int16: integers(-32768, 32767, (n) => new Int16Array(n)),
  uint16: integers(0, 65535, (n) => new Uint16Array(n)),
  int32: integers(-(2 ** 31), 2 ** 31 - 1, (n) => new Int32Array(n)),
  uint32: integers(0, 2 ** 32 - 1, (n) => new Uint32Array(n)),
  int64: bigIntegers(Number.MIN_SAFE_INTEGER, (n) => new BigInt64Array(n)),
  uint64: bigIntegers(0, (n) => new BigUint64Array(n)),
  bool: { ...integers(0, 1, (n) => new Uint8Array(n)), range: '0 and 1' },
};

/**
 * The entries of `arrays`, one after the other, in the element type `dtype`.
 * @throws Fault `model/onnx-value` for a number that the type cannot hold.
 */
export function toGraph(arrays: readonly NdArray[], dtype: string, input: string): OnnxData {
  const conversion = conversions[dtype]!;
  const total = arrays.reduce((sum, { data }) => sum + data.length, 0);
  const result = conversion.allocate(total);
  let at = 0;
  for (const { data } of arrays) {
    for (const value of data) {
      if (!conversion.holds(value)) throw valueFault(value, conversion.range, dtype, input);
      conversion.write(result, at++, value);
    }
  }
  return result;
}

function valueFault(value: number, range: string, dtype: string, input: string): Fault {
  return new Fault({
    code: 'model/onnx-value',
    message: `the graph's input \`${input}\` is ${dtype}, which cannot hold ${value}`,
    expected: range,
    found: String(value),
    place: { member: input },
    advice: 'Look at the data field that feeds this input, and at its unit.',
  });
}

/**
 * Entries `start` to `start + shape's size` of what a run returned, on the host: floats as float64, the others as int32.
 * @throws Fault `model/onnx-value` for an integer beyond int32.
 */
export function fromGraph(
  data: ArrayLike<number> | ArrayLike<bigint>,
  dtype: string,
  start: number,
  shape: readonly number[],
  output: string,
): NdArray {
  const size = shape.reduce((product, n) => product * n, 1);
  if (dtype === 'float16') {
    // Runtimes hand out Float16Array where JavaScript has it, and the bits elsewhere.
    const decode = data instanceof Uint16Array ? fromFloat16Bits : (value: number) => value;
    return { shape, data: Float64Array.from({ length: size }, (_, i) => decode(Number(data[start + i]))) };
  }
  if (dtype.startsWith('float')) {
    const part = (data as Float32Array | Float64Array).subarray(start, start + size);
    return { shape, data: Float64Array.from(part) };
  }
  const entries = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const value = Number(data[start + i]);
    if (value !== (value | 0)) throw outputFault(value, dtype, output);
    entries[i] = value;
  }
  return { shape, data: entries };
}

function outputFault(value: number, dtype: string, output: string): Fault {
  return new Fault({
    code: 'model/onnx-value',
    message: `the graph's output \`${output}\` is ${dtype} and holds ${value}, which is beyond 32 bits`,
    expected: `integers from ${-(2 ** 31)} to ${2 ** 31 - 1}`,
    found: String(value),
    place: { member: output },
    advice: 'Cast the output to a float type inside the network.',
  });
}
