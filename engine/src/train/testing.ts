/** Small problems for the tests of training: random clouds with targets that depend on their shape. */
import type { Dataset, Sample } from '../data/dataset.ts';
import type { Options } from '../model/description.ts';
import { openFamily } from '../model/index.ts';
import type { Model } from '../model/model.ts';
import type { Field } from '../signature.ts';
import { integer, openRuntime, randomFromSeed, real } from '../tensor/index.ts';
import type { TrainOptions } from './training.ts';

export const fields: readonly Field[] = [
  { name: 'positions', type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] } },
  { name: 'energy', type: { representation: { kind: 'scalar' }, axes: [] } },
  { name: 'forces', type: { representation: { kind: 'vector', dim: 3 }, axes: [{ index: 'point' }] } },
  { name: 'side', type: { representation: { kind: 'category', count: 2 }, axes: [{ index: 'point' }] } },
];

/** Clouds of 4 or 5 points. energy: 100 + the sum of pair distances; forces: toward the centroid; side: far from it or near. */
export function clouds(count: number, seed = 1): Dataset {
  const random = randomFromSeed(seed);
  const samples = Array.from({ length: count }, (_, n): Sample => {
    const points = 4 + (n % 2);
    const x = Float64Array.from({ length: points * 3 }, () => random.normal());
    const centre = [0, 1, 2].map((k) => x.reduce((sum, v, i) => (i % 3 === k ? sum + v / points : sum), 0));
    const forces = x.map((v, i) => centre[i % 3]! - v);
    const radii = Array.from({ length: points }, (_, i) => Math.hypot(...forces.slice(3 * i, 3 * i + 3)));
    const middle = radii.toSorted((a, b) => a - b)[Math.floor(points / 2)]!;
    let energy = 100;
    for (let i = 0; i < points; i++) {
      for (let j = 0; j < i; j++)
        energy += Math.hypot(...[0, 1, 2].map((k) => x[3 * i + k]! - x[3 * j + k]!));
    }
    return {
      id: `cloud ${n}`,
      sizes: { point: points },
      values: {
        positions: real([points, 3], x),
        energy: real([], [energy]),
        forces: real([points, 3], forces),
        side: integer(
          [points],
          radii.map((r) => (r >= middle ? 1 : 0)),
        ),
      },
    };
  });
  return { fields, samples, available: count };
}

export async function rapidash(
  options: Options,
  weights?: Parameters<typeof openFamily>[0]['weights'],
): Promise<Model> {
  const runtimes = {
    float32: await openRuntime({ precision: 'float32' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
  const small = { hidden: 8, layers: 2, basis: 8, basis_hidden: 8, ...options };
  return openFamily(
    { family: 'Rapidash', options: small, fields, ...(weights ? { weights } : {}) },
    runtimes,
  );
}

export const baseOptions: TrainOptions = {
  loss: { name: 'mse', field: 'energy' },
  standardise: true,
  steps: 8,
  batch: 4,
  rate: 3e-3,
  schedule: { kind: 'constant' },
  optimiser: 'adamw',
  decay: 0,
  clip: 0,
  average: 0,
  validation: 0,
  test: 0,
  every: 4,
  patience: 0,
  seed: 0,
};
