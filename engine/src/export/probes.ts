/** Samples that show how a forward pass depends on its inputs: other numbers, and other sizes of the index sets. */
import type { Field, IndexSizes } from '../signature.ts';
import { integer, isReal, type NdArray, real, sizeOf, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';

export interface Probe {
  readonly values: Values;
  readonly sizes: IndexSizes;
}

/**
 * A sample made from one of the data: a part of these sizes, its index sets in another order, its numbers drawn anew around
 * what they were. Whatever a model makes of the inputs must change with it: scaling or moving alone would leave lists of neighbours as
 * they are, and they would pass for constants. Four-momenta keep their masses, times their order, indicators their kind.
 */
export function probeFrom(
  values: Values,
  inputs: readonly Field[],
  sizes: IndexSizes,
  random: Random,
): Probe {
  const ordered = new Set(inputs.filter(isOrdered).flatMap(indexSetsOf));
  const orders = Object.fromEntries(
    [...new Set(inputs.flatMap(indexSetsOf))].map((name) => {
      const places = Array.from({ length: sizes[name]! }, (_, i) => i);
      return [name, ordered.has(name) ? places : random.permutation(sizes[name]!)];
    }),
  );
  const own = Object.fromEntries(
    inputs.map((input) => [input.name, varied(reordered(values[input.name]!, input, orders), input, random)]),
  );
  return { values: own, sizes };
}

/** Constants are often times or places, whose order means something. */
function isOrdered({ type }: Field): boolean {
  return type.representation.kind === 'constant';
}

function indexSetsOf({ type }: Field): string[] {
  return type.axes.flatMap((axis) => ('index' in axis ? [axis.index] : []));
}

/** Of every index set these entries, in this order. */
function reordered(
  array: NdArray,
  { type: { axes } }: Field,
  orders: Readonly<Record<string, readonly number[]>>,
): NdArray {
  let result = array;
  axes.forEach((axis, place) => {
    if ('index' in axis) result = taken(result, place, orders[axis.index]!);
  });
  return result;
}

function taken(array: NdArray, axis: number, order: readonly number[]): NdArray {
  const { shape, data } = array;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const kept = [...shape.slice(0, axis), order.length, ...shape.slice(axis + 1)];
  const result = isReal(array) ? new Float64Array(sizeOf(kept)) : new Int32Array(sizeOf(kept));
  for (let o = 0; o < outer; o++) {
    order.forEach((from, to) => {
      const start = (o * shape[axis]! + from) * inner;
      result.set(data.subarray(start, start + inner), (o * order.length + to) * inner);
    });
  }
  return { shape: kept, data: result };
}

function varied(array: NdArray, { type: { representation } }: Field, random: Random): NdArray {
  const { shape, data } = array;
  const each = (change: (value: number) => number) => real(shape, Float64Array.from(data, change));
  switch (representation.kind) {
    case 'category':
      return integer(
        shape,
        Int32Array.from(data, () => random.integer(representation.count)),
      );
    case 'fourvector':
      return onTheirShells(array, random);
    case 'constant': {
      // Grows with the value, and not in proportion to it.
      const largest = Math.max(...data.map(Math.abs)) || 1;
      const [factor, bend] = [1 + 0.1 * random.uniform(), 0.1 * random.uniform()];
      return each((value) => value * factor * (1 + (bend * value) / largest));
    }
  }
  // Indicators, counts and masks mean something only as they are; their order has changed. All alike, they would not.
  const alike = data.every((value) => value === data[0]);
  if (!alike && data.every(Number.isInteger)) return array;
  if (representation.kind === 'scalar') return each((value) => value * (0.5 + random.uniform()));
  const squares = Float64Array.from(data, (value) => value ** 2);
  const size = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / data.length) || 1;
  return each((value) => value + 0.5 * size * random.normal());
}

/** [..., 4]: other momenta, the energies that their masses then give. */
function onTheirShells({ shape, data }: NdArray, random: Random): NdArray {
  const result = Float64Array.from(data);
  for (let at = 0; at < data.length; at += 4) {
    const [energy, ...momentum] = data.slice(at, at + 4);
    const square = (vector: readonly number[]) => vector.reduce((sum, part) => sum + part * part, 0);
    const mass = Math.max(0, energy! ** 2 - square(momentum));
    const other = momentum.map((part) => part * (0.5 + random.uniform()));
    result.set([Math.sqrt(mass + square(other)), ...other], at);
  }
  return real(shape, result);
}
