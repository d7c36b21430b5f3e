import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../../tensor/random-stream.ts';
import { drawNetwork, drawSettings } from './causal-model.ts';
import { momentsOf, outliersDrawnIn, standardised } from './columns.ts';
import { ignored, officialPrior } from './config.ts';
import { processTable } from './gaussian-process.ts';
import { beta, gamma, logUniform, metaChoice, metaGamma, roundedUniform } from './laws.ts';
import { tableOf } from './network.ts';
import { categoriesOf } from './ranks.ts';
import { priorBatch } from './tables.ts';

const random = randomFromSeed(11);
const sample = (count: number, draw: (i: number) => number) =>
  Float64Array.from({ length: count }, (_, i) => draw(i));
/** Five standard errors of the mean. */
const meanIs = (values: Float64Array, mean: number) => {
  const own = momentsOf(values);
  expect(Math.abs(own.mean - mean)).toBeLessThan((5 * own.deviation) / Math.sqrt(values.length));
};
const config = {
  ...officialPrior,
  rows: 60,
  tables: 3,
  mostFeatures: 6,
  mostClasses: 5,
  split: [20, 40] as const,
};

describe('laws', () => {
  it.each([0.3, 1, 2.5])('gamma of shape %d has its mean and variance', (shape) => {
    const draws = sample(20_000, (i) => gamma(random.stream('gamma', shape, i), shape, 2));
    meanIs(draws, 2 * shape);
    meanIs(
      draws.map((x) => (x - 2 * shape) ** 2),
      4 * shape,
    );
  });
  it('beta has its mean and variance', () => {
    const [a, b] = [0.4, 2];
    const draws = sample(10_000, (i) => beta(random.stream('beta', i), a, b));
    meanIs(draws, a / (a + b));
    meanIs(
      draws.map((x) => (x - a / (a + b)) ** 2),
      (a * b) / ((a + b) ** 2 * (a + b + 1)),
    );
  });
  it('a logarithm is uniform between its ends', () => {
    const logs = sample(10_000, (i) => Math.log(logUniform(random.stream('log', i), 0.01, 12)));
    meanIs(logs, (Math.log(0.01) + Math.log(12)) / 2);
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(Math.log(0.01));
    expect(Math.max(...logs)).toBeLessThanOrEqual(Math.log(12));
  });
  it('rounding makes the two ends half as likely', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[roundedUniform(random.stream('round', i), 2, 5) - 2]!++;
    [1000, 2000, 2000, 1000].forEach((expected, i) => {
      expect(Math.abs(counts[i]! - expected)).toBeLessThan(5 * Math.sqrt(expected));
    });
  });
  it('a gamma of random mean starts at its least value', () => {
    const draws = sample(10_000, (i) => metaGamma(random.stream('meta', i), 2, 3, 2));
    expect(Math.min(...draws)).toBe(2);
    // The mean of the means; rounding is fair but for what lies at zero.
    expect(Math.abs(momentsOf(draws).mean - 3.5)).toBeLessThan(0.06);
  });
  it('the first of two options is drawn as often as the softmax of its logit says on average', () => {
    let expected = 0;
    // Midpoint rule over U(-3, 5).
    for (let i = 0; i < 1000; i++) expected += 1 / (1 + Math.exp(-3 + (8 * (i + 0.5)) / 1000 - 1)) / 1000;
    meanIs(
      sample(10_000, (i) => Number(metaChoice(random.stream('choice', i), [true, false]))),
      expected,
    );
  });
});

describe('structural causal models', () => {
  const causal = { ...drawSettings(random), isCausal: true, blocks: false, layers: 3, width: 5, causes: 4 };
  it('leave the first map whole and keep the size of what a dropout leaves', () => {
    const settings = { ...causal, dropout: 0.36, weightScale: 2 };
    const maps = Array.from({ length: 40 }, (_, i) => drawNetwork(random.stream('net', i), settings, 2, 6));
    const first = maps.flatMap(({ first }) => [...(first.weight as Float64Array)]);
    expect(first.filter((w) => w === 0)).toHaveLength(0);
    const others = maps.flatMap(({ stages }) =>
      stages.flatMap(({ map }) => [...(map.weight as Float64Array)]),
    );
    const left = Float64Array.from(others.filter((w) => w !== 0));
    expect(Math.abs(left.length / others.length - 0.64)).toBeLessThan(0.02);
    // 2 / (1 - sqrt(0.36))
    meanIs(
      left.map((w) => w ** 2),
      25,
    );
  });
  it('have blocks of weights along the diagonal, and zeros beside them', () => {
    const counts = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const net = drawNetwork(random.stream('blocks', i), { ...causal, blocks: true, width: 16 }, 2, 2);
      const { weight, inputs, outputs } = net.stages[0]!.map;
      const filled = Array.from({ length: outputs }, (_, row) =>
        Array.from({ length: inputs }, (_, column) => (weight[row * inputs + column] === 0 ? '.' : 'x')).join(
          '',
        ),
      );
      for (const row of filled) expect(row).toMatch(/^\.*x*\.*$/);
      counts.add(new Set(filled.filter((row) => row.includes('x'))).size);
    }
    // 1 to sqrt(16) blocks.
    expect(counts).toEqual(new Set([1, 2, 3, 4]));
  });
  it('are at least as wide as twice the features, and never read a unit twice', () => {
    for (let i = 0; i < 50; i++) {
      const settings = { ...causal, inWindow: i % 2 === 0, targetIsEffect: false, sorted: i % 3 === 0 };
      const { first, readout } = drawNetwork(random.stream('read', i), settings, 1, 6);
      expect(first.outputs).toBe(13);
      if (readout.kind !== 'causal') throw new Error('not causal');
      const numbers = [readout.target, ...readout.features];
      expect(new Set(numbers).size).toBe(7);
      expect(Math.max(...numbers)).toBeLessThan(26);
      if (settings.inWindow) expect(Math.max(...numbers) - Math.min(...numbers)).toBe(6);
      if (settings.sorted) expect(readout.features).toEqual([...readout.features].sort((a, b) => a - b));
    }
  });
  it('without causality have the causes as features and one output as target', () => {
    const draws = drawNetwork(random.stream('plain'), { ...causal, isCausal: false }, 10, 4);
    const { x, features } = tableOf({ ...draws, rotation: 0 });
    expect(features).toBe(4);
    expect([...x]).toEqual([...(draws.causes as Float64Array)]);
    expect(draws.stages.map(({ map }) => map.outputs)).toEqual([5, 5, 1]);
  });
});

describe('Gaussian processes', () => {
  it('have the covariance of their kernel', () => {
    const pairs = Array.from({ length: 3000 }, (_, i) => {
      const { x, y } = processTable(random.stream('gp', i), { scale: 2, length: 1.5, noise: 0.01 }, 2, 1);
      return {
        expected: 2 * Math.exp(-((x[0]! - x[1]!) ** 2) / 4.5),
        product: y[0]! * y[1]!,
        square: y[0]! ** 2,
      };
    });
    meanIs(
      sample(pairs.length, (i) => pairs[i]!.product - pairs[i]!.expected),
      0,
    );
    meanIs(
      sample(pairs.length, (i) => pairs[i]!.square),
      2.01,
    );
  });
});

describe('columns', () => {
  it('are standardised by their first rows, and missing values stay missing', () => {
    const column = standardised(Float64Array.of(1, 2, 3, Number.NaN, 5000), 4);
    expect([...column.slice(0, 3)].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([-1, 0, 1]);
    expect(column[3]).toBeNaN();
    expect(column[4]).toBe(100);
  });
  it('draw an outlier in to four deviations of the others and its logarithm', () => {
    const others = Array.from({ length: 200 }, (_, i) => Math.sin(i));
    const { mean, deviation } = momentsOf(Float64Array.from(others));
    const column = outliersDrawnIn(Float64Array.from([...others, 1000]));
    expect([...column.slice(0, 200)]).toEqual(others);
    expect(column[200]).toBeCloseTo(mean + 4 * deviation + Math.log(1001), 10);
  });
  it('become categories that are ranks among some of their values', () => {
    const column = sample(200, (i) => random.stream('column', i).normal());
    const ordered = categoriesOf(randomFromSeed(5), column, 6, 1);
    const byValue = [...column.keys()].sort((a, b) => column[a]! - column[b]!).map((i) => ordered[i]!);
    const falling = byValue[0]! > byValue.at(-1)!;
    expect(byValue).toEqual([...byValue].sort((a, b) => (falling ? b - a : a - b)));
    const orders = new Set(
      Array.from({ length: 30 }, (_, i) => {
        const shuffled = categoriesOf(randomFromSeed(i), column, 3, 0);
        return [
          ...new Set([...column.keys()].sort((a, b) => column[a]! - column[b]!).map((row) => shuffled[row]!)),
        ].join('');
      }),
    );
    // Names of three categories are permuted: more than the two orders that reversal alone would give.
    expect(orders.size).toBeGreaterThan(2);
  });
});

describe('tables', () => {
  const batches = Array.from({ length: 120 }, (_, i) => priorBatch(config, 3, i));
  const tables = batches.flatMap((batch) => batch.tables.map((table) => ({ ...table, split: batch.split })));
  const usable = tables.filter(({ classes }) => classes > 0);

  it('are a function of seed and number', () => {
    expect(priorBatch(config, 3, 17)).toEqual(batches[17]);
    expect(priorBatch(config, 4, 17)).not.toEqual(batches[17]);
  });
  it('share the number of features and the split in a batch, and keep within the limits', () => {
    for (const { tables: own, split, nominalClasses } of batches) {
      expect(new Set(own.map(({ features }) => features)).size).toBe(1);
      expect(split).toBeGreaterThanOrEqual(20);
      expect(split).toBeLessThan(40);
      for (const { classes } of own) expect(classes).toBeLessThanOrEqual(nominalClasses);
    }
    expect(new Set(tables.map(({ features }) => features))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    const processes = batches.filter(({ tables: [one] }) => one!.kind === 'gaussian-process').length;
    expect(Math.abs(processes - 120 * 0.039)).toBeLessThan(5 * Math.sqrt(120 * 0.039));
  });
  it('have the same classes in both parts, named 0..k-1, or are left out of the loss as a whole', () => {
    for (const { y, classes, split } of usable) {
      const all = Array.from({ length: classes }, (_, i) => i);
      expect([...new Set(y.slice(0, split))].sort()).toEqual(all);
      expect([...new Set(y.slice(split))].sort()).toEqual(all);
    }
    for (const { y } of tables.filter(({ classes }) => classes === 0))
      expect(new Set(y)).toEqual(new Set([ignored]));
    expect(usable.length).toBeGreaterThan(0.8 * tables.length);
  });
  it('have columns of deviation columns / features', () => {
    for (const { x, features, rows } of usable.slice(0, 50)) {
      for (let i = 0; i < features; i++) {
        const { mean, deviation } = momentsOf(sample(rows, (row) => x[row * features + i]!));
        expect(Math.abs(mean)).toBeLessThan(1e-6 * (100 / features) * 100);
        if (deviation > 0) expect(deviation / (100 / features)).toBeGreaterThan(0.9);
        expect(deviation).toBeLessThanOrEqual(100 / features + 1e-9);
      }
    }
  });
  it('favour no class by its name', () => {
    // Assumption B of the decomposition: among tables of two classes, class 0 is the larger one half of the time.
    const two = usable.filter(({ classes }) => classes === 2);
    const larger = two.filter(({ y }) => y.filter((label) => label === 0).length > y.length / 2).length;
    expect(Math.abs(larger / two.length - 0.5)).toBeLessThan(2.5 / Math.sqrt(two.length));
  });
});
