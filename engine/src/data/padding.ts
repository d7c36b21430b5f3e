/** Cutting padding off: only the first entries of a named axis are real, and an array of counts says how many. */
import { Fault, type Place } from '../fault.ts';
import type { Field } from '../signature.ts';
import { type NdArray, sizeOf, type TextArray } from '../tensor/array.ts';
import { isText } from './array-file.ts';

/** The value with every axis named in `counts` cut to its count. Throws `data/wrong-count` where an axis is shorter. */
export function cutPadding<T extends NdArray | TextArray>(
  field: Field,
  value: T,
  counts: Readonly<Record<string, number>>,
  sample: string,
  place: Place,
): T {
  const shape = value.shape.map((size, axis) => {
    const declared = field.type.axes[axis];
    const count = declared && 'index' in declared ? counts[declared.index] : undefined;
    if (count === undefined) return size;
    if (count >= 0 && count <= size && Number.isInteger(count)) return count;
    const index = (declared as { index: string }).index;
    throw new Fault({
      code: 'data/wrong-count',
      message: `${sample} states ${count} entries of ${index}; "${field.name}" has room for ${size}`,
      expected: `an integer in 0..${size}`,
      found: String(count),
      place,
      advice: 'Check that sizes names the array that counts the real entries of each sample.',
    });
  });
  return shape.every((size, axis) => size === value.shape[axis]) ? value : (take(value, shape) as T);
}

/** The leading block of that shape. */
function take(value: NdArray | TextArray, shape: readonly number[]): NdArray | TextArray {
  const from = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  const strides = value.shape.map((_, axis) => sizeOf(value.shape.slice(axis + 1)));
  for (let i = 0; i < from.length; i++) {
    from[i] = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  if (isText(value)) return { shape, text: Array.from(from, (j) => value.text[j]!) };
  const data =
    value.data instanceof Float64Array ? new Float64Array(from.length) : new Int32Array(from.length);
  for (let i = 0; i < from.length; i++) data[i] = value.data[from[i]!]!;
  return { shape, data };
}
