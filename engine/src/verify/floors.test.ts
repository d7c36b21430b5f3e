/** Rounding or real: floors pair by pair, noise, models that do not repeat themselves. */
import { describe, expect, test } from 'vitest';
import type { Precision } from '../tensor/runtime.ts';
import { check, dataOf, functionModel, number, pairEnergy, position, SE3, scalar, type } from './testing.ts';

const points = type(position, 'point');
const data = dataOf({ positions: points }, { count: 8 });
const energy = (
  compute: (p: Float64Array, round: (x: number) => number) => number,
  precisions?: readonly Precision[],
) =>
  functionModel(
    { positions: points },
    { energy: { type: type(scalar), compute: ({ positions }, round) => number(compute(positions!, round)) } },
    precisions,
  );

describe('pairs that are ill-conditioned', () => {
  // 1 of 8 samples amplifies rounding a thousandfold; the others are as they were.
  const sick = data.samples[3]!.values.positions!.data;
  const spread = pairEnergy(Float64Array.from(sick, Math.fround), Math.fround);
  const amplified = (leak: number) =>
    energy((p, round) => {
      const sum = pairEnergy(p, round);
      const own = Math.abs(sum - spread) < 1 ? 1e4 : 1;
      return round(sum + own * round(round(sum + 1e3) - 1e3 - sum) + leak * p[0]!);
    });

  test('are rounding, however large: their own float64 gap decides', async () => {
    const { verdict, outputs } = await check(amplified(0), data, SE3, { elements: 64 });
    expect(verdict).toBe('holds');
    const [{ gap, floor, ratio, largestGap, gap64 }] = outputs as [(typeof outputs)[number]];
    expect(gap).toBeGreaterThan(1e-4);
    expect(largestGap).toBe(gap);
    expect(floor).toBeGreaterThan(gap / 2);
    expect(ratio).toBeCloseTo(gap / floor, 12);
    expect(gap64).toBeLessThan(1e-11);
  });

  test('do not hide a break elsewhere', async () => {
    const { verdict, outputs } = await check(amplified(0.05), data, SE3, { elements: 64 });
    expect(verdict).toBe('violated');
    expect(outputs[0]!.floor).toBeLessThan(1e-5);
  });
});

test('without a twin, noise deep inside is seen where one ulp of the input does not reach it', async () => {
  const granular = (leak: number) =>
    energy(
      (p, round) => {
        const sum = pairEnergy(p, round);
        return round(round(round(sum + 3e7) - 3e7) + leak * p[0]!);
      },
      ['float32'],
    );
  expect((await check(granular(0), data, SE3)).verdict).toBe('holds');
  expect((await check(granular(50), data, SE3)).verdict).toBe('violated');
});

test('a model that runs in float64 alone is judged by float64 rounding', async () => {
  const native = (leak: number) => energy((p) => pairEnergy(p, (x) => x) + leak * p[0]!, ['float64']);
  const exact = await check(native(0), data, SE3);
  expect(exact.verdict).toBe('holds');
  expect(exact.outputs[0]!.floor).toBeLessThan(1e-13);
  expect((await check(native(1e-9), data, SE3)).verdict).toBe('violated');
});

describe('a model that does not repeat itself', () => {
  const noisy = (size: number, leak: number) => {
    let calls = 0;
    return energy((p, round) => {
      calls = (calls * 1103515245 + 12345) % 2147483648;
      return pairEnergy(p, round) * (1 + size * (calls / 2147483648 - 0.5)) + leak * p[0]!;
    });
  };

  test('is found first, and never called violated for it', async () => {
    const { verdict, findings, outputs } = await check(noisy(0.1, 0), data, SE3);
    expect(verdict).toBe('inconclusive');
    expect(findings[0]).toMatchObject({ code: 'verify/not-repeatable', severity: 'warning' });
    expect(outputs[0]!.repeat).toBeGreaterThan(0.01);
    expect(outputs[0]!.reason).toMatch(/^the same input gives outputs .* apart/);
  });

  test('holds within a tolerance above its noise, and is violated far above it', async () => {
    expect((await check(noisy(0.001, 0), data, SE3, { within: 0.05 })).verdict).toBe('holds');
    expect((await check(noisy(0.001, 300), data, SE3)).verdict).toBe('violated');
  });

  test('repeats itself: nothing is said', async () => {
    const { findings, outputs } = await check(energy(pairEnergy), data, SE3);
    expect(findings).toEqual([]);
    expect(outputs[0]!.repeat).toBe(0);
  });
});
