/** The cloud that an untrained network is calibrated on. */
import { trailingShape } from '../../signature.ts';
import { integer, type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import type { Random } from '../../tensor/random.ts';
import type { RapidashSpecification } from './specification.ts';

/** Points beyond so many add time and no information. */
export const examplePoints = 64;

/** The first points of a sample, in its order. */
export function shortened({ inputs, fields }: RapidashSpecification, values: Values): Values {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = values[name]!;
      return [
        name,
        cut(
          value,
          type.axes.map((axis) => 'index' in axis && axis.index === inputs.index),
        ),
      ];
    }),
  );
}

/** 32 points from a normal distribution of unit variance, with normally distributed or uniformly drawn features. */
export function randomExample({ inputs, fields }: RapidashSpecification, random: Random): Values {
  return Object.fromEntries(
    fields.map(({ name, type: { representation, axes } }) => {
      const stream = random.stream('example', name);
      const shape = [
        ...axes.map((axis) => ('size' in axis ? axis.size : axis.index === inputs.index ? 32 : 1)),
        ...trailingShape(representation),
      ];
      const count = sizeOf(shape);
      if (representation.kind === 'category') {
        const { count: categories } = representation;
        return [
          name,
          integer(
            shape,
            Int32Array.from({ length: count }, () => stream.integer(categories)),
          ),
        ];
      }
      return [
        name,
        real(
          shape,
          Float64Array.from({ length: count }, () => stream.normal()),
        ),
      ];
    }),
  );
}

/** Keeps the first entries along the marked axes. */
function cut(array: NdArray, marked: readonly boolean[]): NdArray {
  let { shape, data } = array;
  marked.forEach((isPoint, axis) => {
    const size = shape[axis]!;
    if (!isPoint || size <= examplePoints) return;
    const inner = sizeOf(shape.slice(axis + 1));
    const kept = examplePoints * inner;
    const outer = sizeOf(shape.slice(0, axis));
    const result =
      data instanceof Float64Array ? new Float64Array(outer * kept) : new Int32Array(outer * kept);
    for (let o = 0; o < outer; o++) {
      result.set(data.subarray(o * size * inner, o * size * inner + kept), o * kept);
    }
    shape = shape.map((n, i) => (i === axis ? examplePoints : n));
    data = result;
  });
  return data instanceof Float64Array ? real(shape, data) : integer(shape, data);
}
