/** For tests: models that are plain functions, so that nothing else can be at fault, and data for them. */
import type { Dataset } from '../data/dataset.ts';
import type { Group, GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import type { Model } from '../model/model.ts';
import type { Axis, Field, FieldType, Representation } from '../signature.ts';
import { trailingShape } from '../signature.ts';
import { type NdArray, real, sizeOf, type Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { CheckOptions, Verified } from './verification.ts';
import { verify } from './verify.ts';

export const SE3: GroupSpec = { kind: 'SE', dim: 3, scale: 2 };
export const SO3: GroupSpec = { kind: 'SO', dim: 3 };

export const defaults: CheckOptions = { within: 'auto', elements: 16, confidence: 0.95, seed: 7 };

export function type(representation: Representation, ...axes: (string | number)[]): FieldType {
  return {
    representation,
    axes: axes.map((axis): Axis => (typeof axis === 'string' ? { index: axis } : { size: axis })),
  };
}

export const position: Representation = { kind: 'position', dim: 3 };
export const vector: Representation = { kind: 'vector', dim: 3 };
export const scalar: Representation = { kind: 'scalar' };

/** Normal numbers of the declared shapes; every sample has `size` points. */
export function dataOf(
  types: Readonly<Record<string, FieldType>>,
  { count = 5, size = 12, seed = 3 } = {},
): Dataset {
  const random = randomFromSeed(seed);
  const fields = Object.entries(types).map(([name, own]): Field => ({ name, type: own }));
  const samples = Array.from({ length: count }, (_, i) => ({
    id: `cloud ${i}`,
    sizes: { point: size },
    values: Object.fromEntries(
      fields.map(({ name, type: { representation, axes } }) => {
        const shape = [
          ...axes.map((axis) => ('size' in axis ? axis.size : size)),
          ...trailingShape(representation),
        ];
        return [
          name,
          real(
            shape,
            Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
          ),
        ];
      }),
    ),
  }));
  return { fields, samples, available: count };
}

/** Arithmetic of one precision: float32 is simulated by rounding after every step through `round`. */
export type Compute = (
  inputs: Readonly<Record<string, Float64Array>>,
  round: (x: number) => number,
) => NdArray;

export function functionModel(
  inputs: Readonly<Record<string, FieldType>>,
  outputs: Readonly<Record<string, { readonly type: FieldType; readonly compute: Compute }>>,
  precisions: readonly Precision[] = ['float32', 'float64'],
): Model {
  return {
    title: 'a function',
    signature: {
      inputs: Object.entries(inputs).map(([name, own]) => ({ name, type: own })),
      outputs: Object.entries(outputs).map(([name, { type: own }]) => ({ name, type: own })),
    },
    parameterCount: 0,
    backend: 'plain JavaScript',
    precisions,
    async evaluate(batch: readonly Values[], precision: Precision) {
      const round = precision === 'float32' ? Math.fround : (x: number) => x;
      return batch.map((values) => {
        const rounded = Object.fromEntries(
          Object.entries(values).map(([name, { data }]) => [name, Float64Array.from(data, round)]),
        );
        return Object.fromEntries(
          Object.entries(outputs).map(([name, { compute }]) => [name, compute(rounded, round)]),
        );
      });
    },
    dispose() {},
  };
}

export function check(
  model: Model,
  dataset: Dataset,
  group: GroupSpec | Group,
  options: Partial<CheckOptions> = {},
): Promise<Verified> {
  return verify({
    model,
    dataset,
    group: 'sample' in group ? group : createGroup(group),
    options: { ...defaults, ...options },
  });
}

/** Sum over pairs of squared distances: E(3)-invariant and permutation-invariant up to rounding. */
export function pairEnergy(p: Float64Array, round: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < p.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      let square = 0;
      for (let k = 0; k < 3; k++) square = round(square + round(round(p[i + k]! - p[j + k]!) ** 2));
      sum = round(sum + square);
    }
  }
  return sum;
}

/** Sum over points of the dot product of two fields of vectors. */
export function dots(a: Float64Array, b: Float64Array, round: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum = round(sum + round(a[i]! * b[i % b.length]!));
  return sum;
}

export const number = (value: number): NdArray => real([], [value]);
