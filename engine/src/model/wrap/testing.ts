/** What the tests of wrapped models share. */
import type { Dataset } from '../../data/dataset.ts';
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import type { FieldType } from '../../signature.ts';
import { real } from '../../tensor/array.ts';
import { dataOf, defaults, functionModel, position, scalar, type, vector } from '../../verify/testing.ts';
import { verify } from '../../verify/verify.ts';
import type { Model } from '../model.ts';

export const cloud = { x: type(position, 'point'), v: type(vector, 'point') };
export const size = 6;
export const outputs = {
  energy: { type: type(scalar), weights: 1 },
  forces: { type: type(vector, 'point'), weights: 3 },
  spin: { type: type({ kind: 'pseudovector' }), weights: 3 },
};

/** A function of all coordinates in their order that keeps no symmetry: every output mixes everything with other weights. */
export function leaky(
  inputs: Readonly<Record<string, FieldType>> = cloud,
  precisions: Model['precisions'] = ['float64'],
) {
  const compute =
    (width: number, each: boolean) =>
    (values: Readonly<Record<string, Float64Array>>, round: (x: number) => number) => {
      const data = Object.values(values).flatMap((array) => [...array]);
      const rows = each ? size : 1;
      const result = Float64Array.from({ length: rows * width }, (_, out) => {
        let sum = 0;
        data.forEach((value, i) => {
          sum = round(
            sum + round(Math.sin(1 + i * 0.37 + out * 1.7) * Math.tanh(round(value + 0.1 * (i % 3)))),
          );
        });
        // Mixed once more: parity takes the sum of functions of single coordinates to zero.
        return round(sum + Math.sin(2 * sum));
      });
      return real([...(each ? [size] : []), ...(width > 1 ? [width] : [])], result);
    };
  return functionModel(
    inputs,
    {
      energy: { type: outputs.energy.type, compute: compute(1, false) },
      forces: { type: outputs.forces.type, compute: compute(3, true) },
      spin: { type: outputs.spin.type, compute: compute(3, false) },
    },
    precisions,
  );
}

export const data = dataOf(cloud, { count: 3, size });

/** Where the input decides nothing, one ulp moves the result: a tolerance keeps that from counting as rounding. */
export const strict = { within: 1e-6 } as const;

export async function verdictOf(
  model: Model,
  group: GroupSpec,
  dataset: Dataset = data,
  more: Partial<typeof defaults> = {},
) {
  return verify({
    model,
    dataset,
    group: createGroup(group),
    options: { ...defaults, elements: 8, ...more },
  });
}

export const SE3: GroupSpec = { kind: 'SE', dim: 3, scale: 2 };
export const E3: GroupSpec = { kind: 'E', dim: 3, scale: 2 };
export const O3: GroupSpec = { kind: 'O', dim: 3 };
export const S: GroupSpec = { kind: 'S', index: 'point' };
