/** The element types of ONNX: TensorProto.DataType, with the size of an element and what it is called. */

export interface ElementType {
  /** As messages and `inspectOnnx` name it: float32, int64, … */
  readonly name: string;
  /** Bits that an element takes in raw data; `undefined` for strings. */
  readonly bits: number | undefined;
  /** Real floating-point numbers: what weights are made of, and what a float64 twin widens. */
  readonly floating: boolean;
}

/** Codes that the rewriting needs by name. */
export const elementCode = { float32: 1, int64: 7, bool: 9, float16: 10, float64: 11, bfloat16: 16 } as const;

const types: Readonly<Record<number, ElementType>> = {
  1: { name: 'float32', bits: 32, floating: true },
  2: { name: 'uint8', bits: 8, floating: false },
  3: { name: 'int8', bits: 8, floating: false },
  4: { name: 'uint16', bits: 16, floating: false },
  5: { name: 'int16', bits: 16, floating: false },
  6: { name: 'int32', bits: 32, floating: false },
  7: { name: 'int64', bits: 64, floating: false },
  8: { name: 'string', bits: undefined, floating: false },
  9: { name: 'bool', bits: 8, floating: false },
  10: { name: 'float16', bits: 16, floating: true },
  11: { name: 'float64', bits: 64, floating: true },
  12: { name: 'uint32', bits: 32, floating: false },
  13: { name: 'uint64', bits: 64, floating: false },
  14: { name: 'complex64', bits: 64, floating: false },
  15: { name: 'complex128', bits: 128, floating: false },
  16: { name: 'bfloat16', bits: 16, floating: true },
  17: { name: 'float8e4m3fn', bits: 8, floating: true },
  18: { name: 'float8e4m3fnuz', bits: 8, floating: true },
  19: { name: 'float8e5m2', bits: 8, floating: true },
  20: { name: 'float8e5m2fnuz', bits: 8, floating: true },
  21: { name: 'uint4', bits: 4, floating: false },
  22: { name: 'int4', bits: 4, floating: false },
  23: { name: 'float4e2m1', bits: 4, floating: true },
  24: { name: 'float8e8m0', bits: 8, floating: true },
  25: { name: 'uint2', bits: 2, floating: false },
  26: { name: 'int2', bits: 2, floating: false },
  27: { name: 'float6e2m3', bits: 6, floating: true },
  28: { name: 'float6e3m2', bits: 6, floating: true },
};

/** The element type with this code; one that no version known here has is called `type 99`. */
export function elementType(code: number): ElementType {
  return types[code] ?? { name: `type ${code}`, bits: undefined, floating: false };
}

/** The floating types that become float64 in a twin. The narrow ones (8 bits and less) only occur in quantised nets. */
export function widens(code: number): boolean {
  return code === elementCode.float32 || code === elementCode.float16 || code === elementCode.bfloat16;
}
