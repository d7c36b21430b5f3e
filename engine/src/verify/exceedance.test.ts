import { expect, test } from 'vitest';
import { clopperPearsonUpper } from './exceedance.ts';

test('no exceedance: 1 - 0.05^(1/n)', () => {
  expect(clopperPearsonUpper(0, 64, 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 64), 14);
  expect(clopperPearsonUpper(0, 64, 0.95)).toBeCloseTo(0.0457, 4);
});

test('one-sided bounds agree with quantiles of the beta distribution', () => {
  // R: qbeta(0.95, k + 1, n - k)
  expect(clopperPearsonUpper(1, 20, 0.95)).toBeCloseTo(0.2161062, 6);
  expect(clopperPearsonUpper(5, 10, 0.95)).toBeCloseTo(0.7775589, 6);
  expect(clopperPearsonUpper(3, 1000, 0.99)).toBeCloseTo(0.0100098, 6);
});

test('everything exceeds: the bound is 1', () => {
  expect(clopperPearsonUpper(12, 12, 0.9)).toBe(1);
});

test('the bound covers: p at the bound gives exactly the stated probability', () => {
  const p = clopperPearsonUpper(40, 5000, 0.95);
  let sum = 0;
  let term = (1 - p) ** 5000;
  for (let k = 0; k <= 40; k++) {
    sum += term;
    term *= ((5000 - k) / (k + 1)) * (p / (1 - p));
  }
  expect(sum).toBeCloseTo(0.05, 8);
});

test('nonsense is refused', () => {
  expect(() => clopperPearsonUpper(3, 2, 0.95)).toThrow(RangeError);
  expect(() => clopperPearsonUpper(0, 0, 0.95)).toThrow(RangeError);
});
