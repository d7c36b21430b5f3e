import { expect, test } from 'vitest';
import { rateFactor } from './schedule.ts';

test('a constant rate stays', () => {
  expect([0, 5, 99].map((done) => rateFactor({ kind: 'constant' }, done, 100))).toEqual([1, 1, 1]);
});

test('cosine: linear rise, then half a period down to zero', () => {
  const at = (done: number) => rateFactor({ kind: 'cosine', warmup: 4 }, done, 12);
  expect([0, 1, 2, 3].map(at)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(at(4)).toBe(1);
  expect(at(8)).toBeCloseTo(0.5, 12);
  expect(at(12)).toBeCloseTo(0, 12);
  expect(at(11)).toBeGreaterThan(0);
});

test('step: times the factor after each so many steps', () => {
  const at = (done: number) => rateFactor({ kind: 'step', every: 10, factor: 0.5 }, done, 100);
  expect([0, 9, 10, 19, 20, 35].map(at)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.125]);
});
