import { expect, test } from 'vitest';
import type { ClaimExpression } from './claim.ts';
import { decide } from './decide.ts';
import { studentQuantile, studentShare } from './student.ts';

const m = (index: number): ClaimExpression => ({ kind: 'measure', index });
const n = (value: number): ClaimExpression => ({ kind: 'number', value });

// Tables of the t distribution.
test.each([
  [0.975, 1, 12.7062],
  [0.975, 2, 4.30265],
  [0.975, 3, 3.18245],
  [0.95, 4, 2.13185],
  [0.995, 9, 3.24984],
  [0.975, 30, 2.04227],
])('quantile %d with %d degrees of freedom', (share, freedom, expected) => {
  expect(studentQuantile(share, freedom)).toBeCloseTo(expected, 4);
  expect(studentQuantile(1 - share, freedom)).toBeCloseTo(-expected, 4);
  expect(studentShare(studentQuantile(share, freedom), freedom)).toBeCloseTo(share, 12);
});

test('a difference well above its spread holds, the other way round it fails', () => {
  const measured = [
    [0.91, 0.93, 0.92],
    [0.61, 0.66, 0.6],
  ];
  const { verdict, difference, left } = decide(m(0), '>', m(1), measured, 0.95);
  expect(verdict).toBe('holds');
  expect(left.mean).toBeCloseTo(0.92, 12);
  // Differences 0.30, 0.27, 0.32: mean 0.29667, deviation 0.025166, half width 4.30265 * 0.025166 / sqrt(3) = 0.06252.
  expect(difference.mean).toBeCloseTo(0.296667, 6);
  expect(difference.low).toBeCloseTo(0.234151, 5);
  expect(decide(m(0), '<', m(1), measured, 0.95).verdict).toBe('fails');
});

test('differences that scatter about zero decide nothing', () => {
  const { verdict, reason } = decide(
    m(0),
    '>',
    m(1),
    [
      [1, 2, 3],
      [2, 2, 2],
    ],
    0.95,
  );
  expect(verdict).toBe('undecided');
  expect(reason).toBe('left - right lies in -2.48 to 2.48 at 95% over 3 seeds, on both sides of 0');
});

test('seeds are compared with each other, not with the mean', () => {
  // Both scatter widely, but left is above right with every seed.
  expect(
    decide(
      m(0),
      '>',
      m(1),
      [
        [1, 5, 9.1],
        [0.9, 4.88, 8.99],
      ],
      0.95,
    ).verdict,
  ).toBe('holds');
});

test('numbers without chance are compared as they are', () => {
  expect(decide(m(0), '<', m(1), [[1000], [1200]], 0.95)).toMatchObject({
    verdict: 'holds',
    reason: 'left - right is -200; claimed is < 0',
  });
  expect(decide(m(0), '<=', n(1000), [[1000]], 0.95).verdict).toBe('holds');
  expect(decide(m(0), '<', n(1000), [[1000]], 0.95).verdict).toBe('fails');
  expect(decide(m(0), '>=', n(1000), [[1000, 1000, 1000]], 0.95).verdict).toBe('holds');
});

test('arithmetic: twice the one below the sum of the others', () => {
  const twice: ClaimExpression = { kind: 'operation', operator: '*', left: n(2), right: m(0) };
  const sum: ClaimExpression = { kind: 'operation', operator: '+', left: m(1), right: m(1) };
  expect(decide(twice, '<', sum, [[3], [4]], 0.95)).toMatchObject({ left: { mean: 6 }, right: { mean: 8 } });
  const ratio: ClaimExpression = { kind: 'operation', operator: '/', left: m(0), right: m(1) };
  expect(decide(ratio, '>', n(1), [[3], [0]], 0.95)).toMatchObject({
    verdict: 'undecided',
    reason: 'a side is not a finite number',
  });
});
