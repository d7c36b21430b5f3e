import { expect, test } from 'vitest';
import { randomFromSeed } from '../tensor/index.ts';
import { chamferDistance, compareClouds } from './compare-clouds.ts';

test('the Chamfer distance is that of the nearest points, from both sides', () => {
  const a = Float64Array.of(0, 0, 1, 0);
  const b = Float64Array.of(0, 0, 1, 2, 5, 0);
  // From a: 0 and 1 (to the origin). From b: 0, 4, 16.
  expect(chamferDistance(a, b, 2)).toBeCloseTo(0.5 + 20 / 3, 12);
  expect(chamferDistance(b, a, 2)).toBe(chamferDistance(a, b, 2));
});

test('sets that are alike have neighbours of either kind, and sets that are apart have not', () => {
  const set = (seed: number, away = 0) => {
    const random = randomFromSeed(seed);
    return Array.from({ length: 40 }, () => Float64Array.from({ length: 12 }, () => away + random.normal()));
  };
  const alike = compareClouds(set(1), set(2), 3);
  expect(Math.abs(alike.neighbourAccuracy - 0.5)).toBeLessThan(0.2);
  const apart = compareClouds(set(1), set(2, 30), 3);
  expect(apart.neighbourAccuracy).toBe(1);
  expect(apart.matching).toBeGreaterThan(20 * alike.matching);
  // One made cloud covers one.
  expect(compareClouds(set(1).slice(0, 1), set(2), 3).coverage).toBeCloseTo(1 / 40, 12);
  expect(() => compareClouds([], set(1), 3)).toThrow(RangeError);
});
