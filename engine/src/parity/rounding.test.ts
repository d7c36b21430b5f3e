import { expect, it } from 'vitest';
import { real } from '../tensor/array.ts';
import { roundingOfZero } from './rounding.ts';

it('a gradient that vanishes leaves the rounding of its terms, half a billion times that of float64', () => {
  const left = real([2], [1e-16, -3e-16]);
  expect(roundingOfZero(left, 2, 2e-3)).toBeCloseTo((2 ** 29 * 3e-16) / 2e-3, 12);
});

it('a gradient that is small but not zero is given nothing', () => {
  expect(roundingOfZero(real([1], [1e-9]), 1, 1e-3)).toBe(0);
});
