/** What the tests of PENG-CDE share. */
import type { Field } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import type { Model } from '../model.ts';
import { openPengCde, type PengCdeRequest } from './model.ts';

const scalar = { kind: 'scalar' } as const;
const constant = { kind: 'constant' } as const;
const [time, node] = [{ index: 'time' }, { index: 'node' }];

export const adjacency: Field = {
  name: 'adjacency',
  type: { representation: scalar, axes: [time, node, node] },
};
export const times: Field = { name: 'times', type: { representation: constant, axes: [time] } };
export const initial: Field = { name: 'initial', type: { representation: scalar, axes: [node] } };
export const features: Field = {
  name: 'features',
  type: { representation: scalar, axes: [time, node, { size: 2 }] },
};
export const queries: Field = {
  name: 'queries',
  type: { representation: constant, axes: [{ index: 'query' }] },
};
export const observed: Field = {
  name: 'observed',
  type: { representation: scalar, axes: [time, node, node] },
};
export const fields = [adjacency, times, initial, features, queries, observed] as const;

export async function bothRuntimes(): Promise<Readonly<Record<Precision, Runtime>>> {
  return {
    float32: await openRuntime({ precision: 'float32' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
}

export async function open(options: Options, rest: Partial<PengCdeRequest> = {}): Promise<Model> {
  return openPengCde({ options, fields, seed: 1, ...rest }, await bothRuntimes());
}

/** A directed weighted graph that changes at every knot, irregular times, and node features. */
export function example(nodes: number, knots: number, seed: number): Values {
  const random = randomFromSeed(seed).stream('example', nodes, knots);
  const weights = Array.from({ length: knots * nodes * nodes }, () =>
    random.uniform() < 0.3 ? random.uniform() : 0,
  );
  let t = 0;
  return {
    adjacency: real([knots, nodes, nodes], weights),
    times: real(
      [knots],
      Array.from({ length: knots }, (_, k) => {
        if (k > 0) t += 0.1 + 0.3 * random.uniform();
        return t;
      }),
    ),
    initial: real(
      [nodes],
      Array.from({ length: nodes }, () => random.normal()),
    ),
    features: real(
      [knots, nodes, 2],
      Array.from({ length: knots * nodes * 2 }, () => random.normal()),
    ),
    observed: real(
      [knots, nodes, nodes],
      weights.map(() => (random.uniform() < 0.8 ? 1 : 0)),
    ),
    queries: real([2], [0.05, 0.3]),
  };
}

/** Entry i of a set axis comes from place order[i]. @param sets which axes are the node axes */
export function relabelled(array: NdArray, sets: readonly number[], order: readonly number[]): NdArray {
  const { shape } = array;
  const data = new Float64Array(array.data.length);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  for (let place = 0; place < data.length; place++) {
    let from = 0;
    shape.forEach((size, axis) => {
      const index = Math.floor(place / strides[axis]!) % size;
      from += (sets.includes(axis) ? order[index]! : index) * strides[axis]!;
    });
    data[place] = array.data[from]!;
  }
  return real(shape, data);
}

export function relabelledInputs(values: Values, order: readonly number[]): Values {
  const axes: Record<string, number[]> = { adjacency: [1, 2], observed: [1, 2], initial: [0], features: [1] };
  return Object.fromEntries(
    Object.entries(values).map(([name, array]) => [name, relabelled(array, axes[name] ?? [], order)]),
  );
}

export function largestDifference(a: NdArray, b: NdArray): number {
  let most = 0;
  for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs(a.data[i]! - b.data[i]!));
  return most;
}
