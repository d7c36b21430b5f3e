/** How sure: exact finite groups, bounds that are asked for, intervals that cover. */
import { describe, expect, test } from 'vitest';
import type { Model } from '../model/model.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { meanGapOf } from './mean-gap.ts';
import { drawsFor } from './pair-plan.ts';
import {
  check,
  dataOf,
  dots,
  functionModel,
  number,
  pairEnergy,
  position,
  SO3,
  scalar,
  type,
  vector,
} from './testing.ts';

const points = type(position, 'point');
const data = dataOf({ positions: points }, { count: 4 });
const energy = (leak: number) =>
  functionModel(
    { positions: points },
    {
      s: {
        type: type(scalar),
        compute: ({ positions }, round) => number(pairEnergy(positions!, round) + leak * positions![0]!),
      },
    },
  );

/** Counts the inputs that go through. */
function counting(model: Model): Model & { runs: number } {
  const counted = {
    ...model,
    runs: 0,
    evaluate: (...[batch, precision]: Parameters<Model['evaluate']>) => {
      if (precision === 'float32') counted.runs += batch.length;
      return model.evaluate(batch, precision);
    },
  };
  return counted;
}

describe('a finite group', () => {
  const vectors = type(vector, 'point');
  const quarter = functionModel(
    { a: vectors },
    {
      s: {
        type: type(scalar),
        // Invariant under half turns, not under quarter turns.
        compute: ({ a }, round) =>
          number(
            dots(
              a!.map((x, i) => (i % 3 === 0 ? 2 * x : x)),
              a!,
              round,
            ),
          ),
      },
    },
  );
  const own = dataOf({ a: vectors });

  test('is tried in full where it has few elements', async () => {
    const { verdict, outputs, elements } = await check(quarter, own, { kind: 'C', n: 2 });
    expect([verdict, elements]).toEqual(['holds', 2]);
    expect(outputs[0]!.exceedance).toEqual({
      count: 0,
      draws: 10,
      confidence: 0.95,
      upperBound: 0,
      exact: true,
    });
  });

  test('and its witness is the element', async () => {
    const { outputs } = await check(quarter, own, { kind: 'C', n: 4 });
    expect(outputs[0]!.exceedance).toMatchObject({ count: 10, draws: 20, upperBound: 0.5, exact: true });
    const { sample, element, draw } = outputs[0]!.worst!;
    expect(draw).toBeUndefined();
    const again = await check(quarter, own, { kind: 'C', n: 4 }, { replay: { sample, element } });
    expect(again.outputs[0]!.gap).toBe(outputs[0]!.gap);
  });

  test('is drawn from where it has more than were asked for', async () => {
    const { outputs } = await check(quarter, own, { kind: 'C', n: 40 }, { elements: 5 });
    expect(outputs[0]!.exceedance.exact).toBeUndefined();
    expect(outputs[0]!.exceedance.draws).toBe(25);
  });
});

describe('a share that is asked for', () => {
  test('takes as many draws as it needs, and reaches it', async () => {
    const { verdict, outputs, elements } = await check(energy(0), data, SO3, {
      share: 0.01,
      confidence: 0.99,
      budget: 10_000,
    });
    expect(verdict).toBe('holds');
    expect(drawsFor(0.01, 0.99)).toBe(459);
    expect(elements).toBe(115);
    expect(outputs[0]!.exceedance.draws).toBe(460);
    expect(outputs[0]!.exceedance.upperBound).toBeLessThanOrEqual(0.01);
  });

  test('ends at the first look after a violation', async () => {
    const model = counting(energy(1));
    const { verdict, outputs } = await check(model, data, SO3, { share: 0.0001, budget: 1e6 });
    expect(verdict).toBe('violated');
    expect(outputs[0]!.exceedance.draws).toBe(64);
    expect(model.runs).toBeLessThan(1000);
  });

  test('is inconclusive when the budget ends before', async () => {
    const { verdict, outputs } = await check(energy(0), data, SO3, { share: 0.001, budget: 100 });
    expect(verdict).toBe('inconclusive');
    expect(outputs[0]!.reason).toMatch(
      /^gap .* but 100 pairs, the budget, only bound the share of larger ones by 3%, not 0.1%$/,
    );
  });
});

describe('the interval of the mean gap', () => {
  const random = randomFromSeed(11);

  test('covers the mean about as often as it says', () => {
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      // 24 samples of mean exponential size with mean 1, and a little noise within each.
      const gaps = Array.from({ length: 24 }, () => -Math.log(1 - random.uniform())).flatMap((size) =>
        Array.from({ length: 4 }, () => size * (0.9 + 0.2 * random.uniform())),
      );
      const { low, high, over } = meanGapOf(
        gaps,
        (i) => Math.floor(i / 4),
        0.9,
        random.stream('trial', trial),
      );
      expect(over).toBe('samples');
      if (low <= 1 && 1 <= high) covered++;
    }
    // Percentile intervals of skewed data cover a little less than they say.
    expect(covered / 300).toBeGreaterThan(0.8);
    expect(covered / 300).toBeLessThan(0.95);
  });

  test('of few samples is about elements, and of equal gaps has no width', () => {
    const { over, low, high, mean } = meanGapOf([2, 2, 2, 2], (i) => i % 2, 0.95, random);
    expect([over, low, high, mean]).toEqual(['elements', 2, 2, 2]);
  });

  test('is in the report', async () => {
    const { outputs } = await check(energy(1), dataOf({ positions: points }, { count: 12 }), SO3);
    const { mean, low, high, over } = outputs[0]!.meanGap!;
    expect(over).toBe('samples');
    expect(low).toBeLessThan(mean);
    expect(mean).toBeLessThan(high);
    expect(outputs[0]!.largestGap).toBeGreaterThan(high);
  });
});
