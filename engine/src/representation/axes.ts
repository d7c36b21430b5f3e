/** What permutations, shifts and signs do: they act on the bracketed axes of a field. */
import { elementFault } from '../group/law.ts';
import type { FieldType, Representation } from '../signature.ts';
import { trailingShape } from '../signature.ts';
import { type NdArray, sizeOf } from '../tensor/array.ts';

/** An array of the same kind of numbers. */
export function emptyLike(data: Float64Array | Int32Array, length: number): Float64Array | Int32Array {
  return data instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
}

/**
 * Reorders every axis named `index`: entry i of the result is entry order[i] of the value.
 * @throws Fault `group/element-does-not-fit` when the axis has another length.
 */
export function reorderAxes(
  value: NdArray,
  type: FieldType,
  index: string,
  order: readonly number[],
): NdArray {
  let data = value.data;
  for (const [at, axis] of type.axes.entries()) {
    if (!('index' in axis) || axis.index !== index) continue;
    const length = value.shape[at]!;
    checkLength(index, order.length, length);
    const inner = sizeOf(value.shape.slice(at + 1));
    const outer = sizeOf(value.shape.slice(0, at));
    const moved = emptyLike(data, data.length);
    for (let o = 0; o < outer; o++) {
      const base = o * length * inner;
      for (let i = 0; i < length; i++) {
        const to = base + i * inner;
        const from = base + order[i]! * inner;
        for (let k = 0; k < inner; k++) moved[to + k] = data[from + k]!;
      }
    }
    data = moved;
  }
  return data === value.data ? value : { shape: value.shape, data };
}

/** The order of a cyclic shift: entry i moves to entry i + by. */
export function shiftOrder(by: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => (i - by + size) % size);
}

/**
 * Flips signs. Without an index signs[0] is for the whole field; with one, an entry takes the product of the signs of
 * its positions on the axes of that name, and a field without such an axis stays as it is. A flipped feature changes
 * sign in its odd components only.
 * @throws Fault `group/element-does-not-fit` when the axis has another length.
 */
export function flipSigns(
  value: NdArray,
  type: FieldType,
  index: string | undefined,
  signs: readonly (1 | -1)[],
): NdArray {
  const odd = oddComponents(type.representation);
  const strides: [stride: number, length: number][] = [];
  for (const [at, axis] of type.axes.entries()) {
    if (index === undefined || !('index' in axis) || axis.index !== index) continue;
    checkLength(index, signs.length, value.shape[at]!);
    strides.push([sizeOf(value.shape.slice(at + 1, type.axes.length)), value.shape[at]!]);
  }
  if (index === undefined ? signs[0] === 1 : strides.length === 0) return value;
  if (!odd.includes(1)) return value;

  const width = odd.length;
  const data = value.data.slice();
  const features = width > 0 ? data.length / width : 0;
  for (let f = 0; f < features; f++) {
    let sign = index === undefined ? signs[0]! : 1;
    for (const [stride, length] of strides) sign *= signs[Math.floor(f / stride) % length]!;
    if (sign === 1) continue;
    const base = f * width;
    for (let k = 0; k < width; k++) if (odd[k]) data[base + k] = 0 - data[base + k]!;
  }
  return { shape: value.shape, data };
}

/** 1 for each component of one feature that inversion negates, else 0. */
function oddComponents(representation: Representation): Uint8Array {
  const width = sizeOf(trailingShape(representation));
  switch (representation.kind) {
    case 'pseudoscalar':
    case 'position':
    case 'vector':
      return new Uint8Array(width).fill(1);
    case 'tensor':
      return new Uint8Array(width).fill(representation.rank % 2);
    case 'fourvector':
      return Uint8Array.of(0, 1, 1, 1);
    case 'irreps': {
      const odd = new Uint8Array(width);
      let at = 0;
      for (const { multiplicity, degree, parity } of representation.irreps) {
        const size = multiplicity * (2 * degree + 1);
        if (parity === -1) odd.fill(1, at, at + size);
        at += size;
      }
      return odd;
    }
    default:
      return new Uint8Array(width);
  }
}

function checkLength(index: string, elementLength: number, axisLength: number): void {
  if (elementLength === axisLength) return;
  throw elementFault(`an element for ${axisLength} entries of ${index}`, `one for ${elementLength}`);
}
