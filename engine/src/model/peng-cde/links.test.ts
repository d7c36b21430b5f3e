/** Links between nodes, and graphs that were seen at different times. */
import { expect, test } from 'vitest';
import { real, type Values } from '../../tensor/array.ts';
import type { Options } from '../description.ts';
import { groupsOf } from './batch.ts';
import { specificationOf } from './specification.ts';
import {
  adjacency,
  example,
  fields,
  initial,
  largestDifference,
  open,
  queries,
  relabelled,
  relabelledInputs,
  times,
} from './testing.ts';

const asked: Options = { level: 'link', outputs: 2, outputs_at: 'queries', predict: 'final' };
const order = [3, 0, 4, 1, 2];

test('a prediction for each pair of nodes goes with them', async () => {
  const model = await open({ ...asked, hidden: 4 });
  expect(model.signature.outputs[0]!.type.axes).toEqual([{ index: 'node' }, { index: 'node' }, { size: 2 }]);
  const values = example(5, 4, 1);
  const [before, after] = await model.evaluate([values, relabelledInputs(values, order)], 'float64');
  const wanted = relabelled(before!.prediction!, [0, 1], order);
  expect(largestDifference(after!.prediction!, wanted)).toBeLessThan(1e-13);
  expect(largestDifference(after!.prediction!, before!.prediction!)).toBeGreaterThan(1e-3);
});

test('it has a decoder for both sides of every output, three numbers for the pair, and a constant', async () => {
  const count = async (options: Options) => (await open(options)).parameterCount!;
  const [node, link] = [await count({ hidden: 4, outputs: 2 }), await count({ ...asked, hidden: 4 })];
  expect(link - node).toBe((4 + 1) * (16 - 2) + 2 * 3 + 2);
});

test('what a pair was in the graph counts: its own links of a network without layers of sight', async () => {
  const model = await open({ ...asked, hidden: 1, vector_field: 'const' });
  const values = example(5, 4, 1);
  const late = { ...values, queries: real([1], [9]) };
  const other = { ...late, adjacency: { ...values.adjacency!, data: values.adjacency!.data.map((x) => x) } };
  // A link of the last graph, from node 0 to node 1.
  other.adjacency.data[3 * 25 + 1] = 0.9;
  const [a, b] = await model.evaluate([late, other], 'float64');
  expect(largestDifference(a!.prediction!, b!.prediction!)).toBeGreaterThan(1e-3);
});

/** Graphs that were seen four times each, at times of their own, and asked for twice within the first interval. */
const apart: Values[] = [1, 2, 3].map((seed) => {
  const values = example(5, 4, seed);
  return { ...values, queries: real([2], [0.01 * seed, 0.05 + 0.01 * seed]) };
});

test.each<[string, Options]>([
  ['equivariant', {}],
  ['several steps, with features', { steps: 2, features: 'features' }],
  ['additive, linear', { vector_field: 'additive', interpolation: 'linear' }],
  ['rectilinear', { interpolation: 'rectilinear' }],
  ['premult', { vector_field: 'premult', nodes: 5 }],
  ['the last graph', { vector_field: 'gnode_floor', solver: 'rk4' }],
  ['asked for between', { outputs_at: 'queries' }],
  ['links', asked],
])('side by side, graphs with times of their own are what they are alone: %s', async (_name, options) => {
  const model = await open({ hidden: 3, ...options });
  const groups = groupsOf(specificationOf(options, fields), apart, 'float64');
  expect(groups).toEqual([[0, 1, 2]]);
  const together = await model.evaluate(apart, 'float64');
  for (const [i, values] of apart.entries()) {
    const [alone] = await model.evaluate([values], 'float64');
    expect(largestDifference(together[i]!.prediction!, alone!.prediction!)).toBeLessThan(1e-12);
  }
});

test('where times come in another order, or steps have a given length, they go one by one', () => {
  const of = (options: Options, batch: readonly Values[]) =>
    groupsOf(specificationOf(options, [adjacency, times, initial, queries]), batch, 'float32').length;
  const late = { ...apart[0]!, queries: real([2], [0.01, 9]) };
  expect(of({ outputs_at: 'queries' }, [apart[1]!, late])).toBe(2);
  expect(of({ stepping: 'constant' }, apart)).toBe(3);
  expect(of({ stepping: 'adaptive' }, apart)).toBe(3);
});
