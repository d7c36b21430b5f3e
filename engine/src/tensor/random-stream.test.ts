import { expect, test } from 'vitest';
import { randomFromSeed } from './index.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test('the same seed and path give the same numbers, on every machine', () => {
  const stream = randomFromSeed(2026).stream('check', 3, 'element', 17);
  expect(draw(3, stream.uniform)).toEqual([0.89173224885568, 0.6973867557721335, 0.6057735101073048]);
  // The logarithm and cosine of the engine may differ in the last digit.
  draw(3, stream.normal).forEach((value, i) => {
    expect(value).toBeCloseTo([1.2837631516520958, 0.01071204693529822, 0.5487607168477577][i]!, 14);
  });
  expect(draw(5, () => stream.integer(100))).toEqual([60, 87, 6, 13, 69]);
  expect(stream.permutation(8)).toEqual([0, 1, 5, 6, 2, 7, 4, 3]);
});

test('a stream depends neither on its parent draws nor on other streams', () => {
  const root = randomFromSeed(1);
  const untouched = draw(4, randomFromSeed(1).stream('b').normal);
  root.uniform();
  draw(10, root.stream('a').uniform);
  expect(draw(4, root.stream('b').normal)).toEqual(untouched);
});

test('the n-th draw does not depend on the kind of the draws before it', () => {
  const [a, b] = [randomFromSeed(9), randomFromSeed(9)];
  a.normal();
  a.integer(3);
  b.uniform();
  b.uniform();
  expect(a.uniform()).toBe(b.uniform());
});

test('paths are joined, and numbers are not their digits', () => {
  const root = randomFromSeed(1);
  const first = (...path: (string | number)[]) => root.stream(...path).uniform();
  expect(root.stream('a').stream('b').uniform()).toBe(first('a', 'b'));
  const distinct = [
    first('a', 'b'),
    first('ab'),
    first('a,b'),
    first(1),
    first('1'),
    first(1.5),
    first(),
    first(''),
  ];
  distinct.push(randomFromSeed(2).uniform(), randomFromSeed(-1).uniform());
  expect(new Set(distinct).size).toBe(distinct.length);
});

test('uniform numbers have the moments of the uniform distribution, and are not correlated', () => {
  const u = draw(100_000, randomFromSeed(3).uniform);
  // Five standard deviations of each estimate.
  expect(Math.abs(mean(u) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / u.length));
  expect(Math.abs(mean(u.map((x) => x * x)) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / u.length));
  const lagged = mean(u.slice(1).map((x, i) => (x - 0.5) * (u[i]! - 0.5)));
  expect(Math.abs(lagged)).toBeLessThan(5 * Math.sqrt(1 / 144 / u.length));
  expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
});

test('normal numbers have the moments and the tails of the normal distribution', () => {
  const z = draw(100_000, randomFromSeed(4).normal);
  const moment = (k: number) => mean(z.map((x) => x ** k));
  const within = (value: number, exact: number, variance: number) =>
    expect(Math.abs(value - exact)).toBeLessThan(5 * Math.sqrt(variance / z.length));
  within(moment(1), 0, 1);
  within(moment(2), 1, 2);
  within(moment(3), 0, 15);
  within(moment(4), 3, 96);
  // P(|z| > 2) = 0.04550026
  within(mean(z.map((x) => (Math.abs(x) > 2 ? 1 : 0))), 0.04550026, 0.0434);
});

test('integers are uniform, also where 2^53 is far from a multiple of n', () => {
  const stream = randomFromSeed(5);
  const counts = new Array(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[stream.integer(7)]++;
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  // 99.99% quantile with 6 degrees of freedom.
  expect(chiSquared).toBeLessThan(27.9);
  // Without rejection the lower third would hold two thirds: n = 3/4 of 2^53.
  const n = 0.75 * 2 ** 53;
  const low = draw(6000, () => stream.integer(n)).filter((value) => value < n / 3).length;
  expect(Math.abs(low - 2000)).toBeLessThan(5 * Math.sqrt((6000 * 2) / 9));
  expect(stream.integer(1)).toBe(0);
});

test('permutations are uniform', () => {
  const stream = randomFromSeed(6);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = stream.permutation(4).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  let chiSquared = 0;
  for (const count of counts.values()) chiSquared += (count - 1000) ** 2 / 1000;
  // 99.99% quantile with 23 degrees of freedom.
  expect(chiSquared).toBeLessThan(57.1);
});

test('a seed or a bound that is no integer is refused', () => {
  expect(() => randomFromSeed(1.5)).toThrow('a seed is an integer below 2^53, not 1.5');
  expect(() => randomFromSeed(1).integer(0)).toThrow('integer(n) takes n >= 1, not 0');
  expect(() => randomFromSeed(1).stream(Number.NaN)).toThrow('a path cannot hold NaN');
});
