/** Samples that show how a forward pass depends on its inputs: other numbers, and other sizes of the index sets. */
import type { Field, IndexSizes } from '../signature.ts';
import { integer, isReal, type NdArray, real, sizeOf, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';

export interface Probe {
  readonly values: Values;
  readonly sizes: IndexSizes;
}

/**
 * A sample made from one of the data: a window of these sizes out of it, its real numbers scaled by a random factor close to 1
 * (which keeps four-momenta on their cones and times in order), its categories drawn anew.
 */
export function probeFrom(
  values: Values,
  inputs: readonly Field[],
  sizes: IndexSizes,
  random: Random,
): Probe {
  const own = Object.fromEntries(
    inputs.map((input) => {
      const window = cut(values[input.name]!, input, sizes);
      return [input.name, varied(window, input, random)];
    }),
  );
  return { values: own, sizes };
}

function cut(array: NdArray, { type: { axes } }: Field, sizes: IndexSizes): NdArray {
  let result = array;
  axes.forEach((axis, place) => {
    if ('index' in axis) result = firstAlong(result, place, sizes[axis.index]!);
  });
  return result;
}

/** The first `count` entries of an axis. */
function firstAlong({ shape, data }: NdArray, axis: number, count: number): NdArray {
  const size = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const kept = [...shape.slice(0, axis), count, ...shape.slice(axis + 1)];
  const result = data.slice(0, sizeOf(kept));
  for (let o = 0; o < outer; o++) {
    result.set(data.subarray(o * size * inner, (o * size + count) * inner), o * count * inner);
  }
  return { shape: kept, data: result };
}

function varied(array: NdArray, { type: { representation } }: Field, random: Random): NdArray {
  const { shape, data } = array;
  const draws = Float64Array.from({ length: data.length + 1 }, () => random.uniform());
  if (representation.kind === 'category') {
    return integer(
      shape,
      Int32Array.from(data, (_, i) => Math.floor(draws[i]! * representation.count)),
    );
  }
  // Indicators, counts and masks keep their meaning only as they are; their order along the first axis may change.
  if (data.every(Number.isInteger)) return shuffled(array, draws);
  const factor = 1 + 0.02 * draws[data.length]!;
  return real(
    shape,
    Float64Array.from(data, (value) => value * factor),
  );
}

function shuffled(array: NdArray, draws: ArrayLike<number>): NdArray {
  const { shape, data } = array;
  const rows = shape[0] ?? 1;
  const width = sizeOf(shape.slice(1));
  const order = Array.from({ length: rows }, (_, i) => i).sort((a, b) => draws[a]! - draws[b]!);
  const result = data.slice();
  order.forEach((from, to) => {
    result.set(data.subarray(from * width, (from + 1) * width), to * width);
  });
  return isReal(array) ? real(shape, result as Float64Array) : integer(shape, result as Int32Array);
}
