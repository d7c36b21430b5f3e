import { expect, test } from 'vitest';
import { pengCde } from './description.ts';
import { adjacency, initial, times } from './testing.ts';

const fields = [adjacency, times, initial];
const flops = (options: Record<string, number | string>, time: number, node: number) =>
  pengCde.flops!(options, fields, { time, node });

test('operations grow with the square of the nodes, and with the number of steps', () => {
  const of = (time: number, node: number) => flops({}, time, node)!;
  expect(of(5, 4000) / of(5, 2000)).toBeGreaterThan(3.9);
  expect(of(5, 4000) / of(5, 2000)).toBeLessThan(4);
  expect(of(9, 50) / of(5, 50)).toBeGreaterThan(1.9);
  expect(flops({ steps: 3 }, 5, 50)! / of(5, 50)).toBeGreaterThan(2.9);
});

test('one product by hand: an additive field of one layer', () => {
  // One interval of Heun's method: two stages, each with a norm, a linear map, the path between two graphs and the product.
  const options = { vector_field: 'additive', interpolation: 'linear', solver: 'heun', layers: 1, hidden: 4 };
  const nodes = 10;
  const stage = 4 * nodes * 4 + 2 * nodes * 16 + 2 * 100 * 4 + 2 * 100 * 2 + 2 * nodes * 4;
  const coders = 2 * nodes * 4 + 2 * (2 * nodes * 4);
  expect(flops(options, 2, nodes)).toBe(coders + 2 * stage + 2 * (2 * nodes * 4) * 2);
});

test('where the data decides how many steps there are, none are counted', () => {
  expect(flops({ stepping: 'adaptive' }, 5, 10)).toBe(undefined);
  expect(flops({ stepping: 'constant' }, 5, 10)).toBe(undefined);
});
