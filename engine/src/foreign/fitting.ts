/** What one sample has of an array that a model of the user's own returned. */
import { type NdArray, sizeOf } from '../tensor/array.ts';

/**
 * The sample's part in the declared shape, its open sizes taken from the array; `undefined` when the array's shape is
 * another one. Axes of size 1 may follow the declared ones, and an axis for the samples may go before them.
 * @param declared sizes of one sample; `undefined` where the declaration leaves it open.
 * @param count samples that went through the model together.
 * @param place which of them.
 */
export function sampleOf(
  array: NdArray,
  declared: readonly (number | undefined)[],
  count: number,
  place: number,
): NdArray | undefined {
  const shape = fittingShape(declared, array.shape, count);
  if (!shape) return undefined;
  const size = sizeOf(shape);
  return { shape, data: array.data.slice(place * size, (place + 1) * size) };
}

function fittingShape(
  declared: readonly (number | undefined)[],
  dims: readonly number[],
  count: number,
): number[] | undefined {
  const agrees = (part: readonly number[]) =>
    part.length >= declared.length &&
    declared.every((size, i) => size === undefined || size === part[i]) &&
    part.slice(declared.length).every((size) => size === 1);
  if (count === 1 && agrees(dims)) return dims.slice(0, declared.length);
  if (dims[0] === count && agrees(dims.slice(1))) return dims.slice(1, 1 + declared.length);
  return undefined;
}

/** The arrays of several samples behind a new first axis. */
export function stacked(arrays: readonly NdArray[]): NdArray {
  const [first] = arrays as [NdArray, ...NdArray[]];
  const size = first.data.length;
  const data = new (first.data.constructor as Float64ArrayConstructor)(size * arrays.length);
  for (const [i, array] of arrays.entries()) data.set(array.data, i * size);
  return { shape: [arrays.length, ...first.shape], data };
}
