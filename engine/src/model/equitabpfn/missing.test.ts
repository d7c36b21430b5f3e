import { expect, it } from 'vitest';
import { withoutMissing } from './missing.ts';

const none = Number.NaN;

it('a table without missing values stays as it is and has no codes', () => {
  const table = Float64Array.of(1, 2, 3, 4);
  expect(withoutMissing(table, 2, 2)).toEqual({ values: table, codes: undefined });
});

it('codes are standardised by the training rows, so that a query does not depend on the others', () => {
  const table = Float64Array.of(none, 1, 2, 3, none, 5);
  const { values, codes } = withoutMissing(table, 1, 4);
  expect([...values]).toEqual([0, 1, 2, 3, 0, 5]);
  // One of four is missing: mean -1/4, deviation 1/2 with n - 1.
  expect(codes![0]).toBeCloseTo(-1.5, 5);
  expect(codes![1]).toBeCloseTo(0.5, 5);
  expect(withoutMissing(table.slice(0, 5), 1, 4).codes).toEqual(codes!.slice(0, 5));
});

it('a value that is missing in queries alone has the code 0: training rows say nothing of it', () => {
  expect([...withoutMissing(Float64Array.of(1, 2, 3, none), 1, 3).codes!]).toEqual([0, 0, 0, 0]);
});
