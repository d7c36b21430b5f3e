import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge, short, worstVerdict } from './verdict.ts';

test.each([
  [3e-7, 1e-7, 'auto', 'holds', 'gap 3.0e-7 is within 1.0e-6'],
  [0.31, 1e-7, 'auto', 'violated', 'gap 0.31 is above 1.0e-6, 3.1e6 x the rounding floor'],
  [
    1.07e-6,
    1e-7,
    'auto',
    'inconclusive',
    'gap 1.1e-6 is above 1.0e-6 by less than the rounding floor 1.0e-7',
  ],
  [3e-4, 1e-6, 1e-3, 'holds', 'gap 3.0e-4 is within 0.001'],
  [
    2e-7,
    1e-7,
    1e-9,
    'inconclusive',
    'the tolerance 1.0e-9 is below the rounding floor 1.0e-7: this arithmetic cannot decide it',
  ],
  [0.2, 1e-7, 1e-9, 'violated', 'gap 0.2 is 2.0e6 x the rounding floor 1.0e-7'],
] as const)('gap %d, floor %d, within %s: %s', (gap, floor, within, verdict, reason) => {
  expect(judge({ gap, floor }, within)).toMatchObject({ verdict, reason });
});

test('rounding alone is never called violated', () => {
  const positive = fc.double({ min: 1e-12, max: 1, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.double({ min: 0, max: 1, noNaN: true }), (floor, within, share) => {
      expect(judge({ gap: share * floor, floor }, within).verdict).not.toBe('violated');
    }),
  );
});

test('a larger gap never gets a milder verdict', () => {
  const rank = { holds: 0, inconclusive: 1, violated: 2 };
  const positive = fc.double({ min: 1e-12, max: 1, noNaN: true });
  fc.assert(
    fc.property(positive, positive, positive, positive, (floor, within, a, b) => {
      const [small, large] = a < b ? [a, b] : [b, a];
      expect(rank[judge({ gap: small, floor }, within).verdict]).toBeLessThanOrEqual(
        rank[judge({ gap: large, floor }, within).verdict],
      );
    }),
  );
});

test('the worst verdict of the outputs is the check’s', () => {
  expect(worstVerdict(['holds', 'inconclusive', 'violated'])).toBe('violated');
  expect(worstVerdict(['holds', 'inconclusive'])).toBe('inconclusive');
  expect(worstVerdict(['holds'])).toBe('holds');
  expect(worstVerdict([])).toBe('inconclusive');
});

test('numbers are short', () => {
  expect([0, 3.14159e-7, 0.0421, 12.34, 98765].map(short)).toEqual(['0', '3.1e-7', '0.042', '12', '9.9e4']);
});
