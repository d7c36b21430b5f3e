/** Data that has graphs and nothing of their nodes. */
import { expect, it } from 'vitest';
import type { Options } from '../description.ts';
import { specificationOf } from './specification.ts';
import { startOf } from './start.ts';
import {
  adjacency,
  example,
  initial,
  largestDifference,
  open,
  relabelled,
  relabelledInputs,
  times,
} from './testing.ts';

it('counts whom a node hears and by whom it is heard, whatever the weights', () => {
  const graph = [0, 5, 0, 0.1, 0, 2, 0, 0, 0];
  const shares = [1, 1, 2, 1, 0, 1].map((count) => count / 3);
  const found = startOf('degree', graph, 3);
  for (const [k, share] of shares.entries()) expect(found[k]).toBeCloseTo(share, 14);
  expect([...startOf('ones', graph, 3)]).toEqual([1, 1, 1]);
});

it.each(['degree', 'ones'])('start: %s needs no field, and goes with the nodes', async (start) => {
  const options: Options = { hidden: 4, start };
  const model = await open(options, { fields: [adjacency, times] });
  expect(model.signature.inputs.map(({ name }) => name)).toEqual(['adjacency', 'times']);
  const { adjacency: graphs, times: seen } = example(5, 4, 1);
  const values = { adjacency: graphs!, times: seen! };
  const order = [3, 0, 4, 1, 2];
  const both = [values, relabelledInputs(values, order)];
  const [before, after] = await model.evaluate(both, 'float64');
  const wanted = relabelled(before!.prediction!, [1], order);
  expect(largestDifference(after!.prediction!, wanted)).toBeLessThan(1e-13);
  expect(largestDifference(after!.prediction!, before!.prediction!)).toBeGreaterThan(1e-4);
});

it('refuses a field beside it', () => {
  const options: Options = { start: 'degree', initial: ['initial'] };
  expect(() => specificationOf(options, [adjacency, times, initial])).toThrow(
    '`start: degree` makes what is known of the nodes from the graph, and `initial` names a field for it',
  );
});
