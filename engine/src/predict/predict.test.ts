import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { stratifiedFolds, stratifiedSubset } from './folds.ts';
import {
  type Classifier,
  crossValidate,
  ensemble,
  majority,
  nearest,
  readUserTable,
  ridge,
} from './index.ts';
import { prepare } from './prepare.ts';
import { scoresOf } from './scores.ts';

const scratch = mkdtempSync(join(tmpdir(), 'noether-predict-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const file = join(scratch, `${name}.csv`);
  writeFileSync(file, text);
  return file;
}

/** Three clouds apart from each other, with a column of chance. */
function clouds(): string {
  const random = randomFromSeed(2);
  const rows = Array.from({ length: 90 }, (_, i) => {
    const [x, y] = [
      [0, 0],
      [6, 0],
      [0, 6],
    ][i % 3]!;
    return [x! + random.normal(), y! + random.normal(), random.normal(), ['oak', 'ash', 'elm'][i % 3]].join(
      ',',
    );
  });
  return written('clouds', `x,y,chance,tree\n${rows.join('\n')}\n`);
}

function fault(file: string, target: string) {
  try {
    readUserTable(file, target);
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a table of the user', () => {
  it('has numbers, categories and missing values; rows without a target wait for a prediction', () => {
    const table = readUserTable(
      written('mixed', 'size,colour,wild,kind\n1.5,red,true,b\n?,green,false,a\n2,,true,\n3,red,?,b\n'),
      'kind',
    );
    expect(table.classes).toEqual(['a', 'b']);
    expect([...table.labels]).toEqual([1, 0, -1, 1]);
    expect(table.features.map(({ name, kind, values }) => [name, kind, ...values])).toEqual([
      ['size', 'number', 1.5, Number.NaN, 2, 3],
      ['colour', 'category', 1, 0, Number.NaN, 1],
      ['wild', 'number', 1, 0, 1, Number.NaN],
    ]);
  });
  it('sorts classes that are numbers as numbers', () => {
    const file = written('rings', 'x,rings\n1,10\n2,9\n3,2\n');
    expect(readUserTable(file, 'rings').classes).toEqual(['2', '9', '10']);
  });
  it('is refused in words', () => {
    const file = clouds();
    expect(fault(file, 'bush')).toMatchObject({
      code: 'predict/no-such-column',
      message: 'the table has no column "bush"',
      expected: 'x, y, chance, tree',
    });
    expect(fault(file, 'x')).toMatchObject({
      code: 'predict/target-not-classes',
      message: 'column "x" holds numbers with fractions: it is no column of classes',
    });
    expect(fault(written('one', 'x,c\n1,a\n2,a\n'), 'c')).toMatchObject({
      code: 'predict/one-class',
      message: 'column "c" has one class only, "a"',
    });
    expect(fault(written('alone', 'c\na\nb\n'), 'c').code).toBe('predict/no-features');
    const names = Array.from({ length: 101 }, (_, i) => `x${i}`);
    const wide = written(
      'wide',
      `${[...names, 'c'].join(',')}\n${names.map(() => 1)},a\n${names.map(() => 2)},b\n`,
    );
    expect(fault(wide, 'c')).toMatchObject({
      code: 'predict/too-many-features',
      message: 'the table has 101 columns beside the target, the network has weights for 100',
      expected: 'at most 100',
      found: '101',
    });
  });
});

describe('a prepared task', () => {
  const features = [
    { name: 'a', kind: 'number' as const, values: Float64Array.of(1, 2, 3, 1000, Number.NaN) },
    { name: 'b', kind: 'number' as const, values: Float64Array.of(5, 5, 5, 5, 5) },
  ];
  const labels = Int32Array.of(4, 2, 4, 0, -1);
  it('is standardised by its training rows alone, with 0 for what is missing, and knows the classes of those rows', () => {
    const task = prepare({ features, labels }, [0, 1, 2], [3, 4], 100);
    expect(task.known).toEqual([2, 4]);
    expect([...task.labels]).toEqual([1, 0, 1]);
    expect([...task.train].map(Math.round)).toEqual([-50, 0, 0, 0, 50, 0]);
    expect(task.queries[2]).toBe(0);
    const moved = prepare({ features, labels }, [0, 1, 2], [4], 100);
    expect(moved.train).toEqual(task.train);
  });
});

describe('folds', () => {
  const labels = Int32Array.from({ length: 103 }, (_, i) => (i < 60 ? 0 : i < 100 ? 1 : 2));
  const rows = [...labels.keys()];
  it('hold every row once and each class by its share', () => {
    const folds = stratifiedFolds(randomFromSeed(1), rows, labels, 5);
    expect(folds.flat().sort((a, b) => a - b)).toEqual(rows);
    for (const fold of folds) {
      const count = (label: number) => fold.filter((row) => labels[row] === label).length;
      expect(count(0)).toBe(12);
      expect(count(1)).toBe(8);
    }
    expect(stratifiedFolds(randomFromSeed(2), rows, labels, 5)).not.toEqual(folds);
  });
  it('are cut to a subset that keeps rare classes', () => {
    const subset = stratifiedSubset(randomFromSeed(1), rows, labels, 20);
    expect(subset).toHaveLength(20);
    expect(new Set(subset).size).toBe(20);
    expect(new Set(subset.map((row) => labels[row]))).toEqual(new Set([0, 1, 2]));
    expect(stratifiedSubset(randomFromSeed(1), rows, labels, 200)).toEqual(rows);
  });
});

describe('scores', () => {
  it('are those of their definitions', () => {
    const { accuracy, logLoss, calibrationError, bins } = scoresOf(
      Float64Array.of(0.85, 0.15, 0.25, 0.75, 0.81, 0.19, 0, 1),
      Int32Array.of(0, 1, 1, 0),
      2,
    );
    expect(accuracy).toBe(0.5);
    expect(logLoss).toBeCloseTo(-(Math.log(0.85) + Math.log(0.75) + Math.log(0.19) + Math.log(1e-6)) / 4, 10);
    // Bins: 0.75 right; 0.85 and 0.81, one of two right; 1 wrong.
    expect(calibrationError).toBeCloseTo((0.25 + 0.66 + 1) / 4, 10);
    expect(bins[8]).toEqual({
      from: 0.8,
      to: 0.9,
      rows: 2,
      confidence: expect.closeTo(0.83, 10),
      accuracy: 0.5,
    });
    expect(bins[0]).toEqual({ from: 0, to: 0.1, rows: 0 });
  });
});

describe('cross-validation', () => {
  const options = { folds: 3, seeds: [0, 1], contextRows: 1000 };
  it('tells classifiers that learn from the share of the largest class, on the same folds each time', async () => {
    const table = readUserTable(clouds(), 'tree');
    const progress: number[] = [];
    const results = await crossValidate(table, [nearest(), ridge(), majority], options, (done) =>
      progress.push(done),
    );
    const [near, linear, most] = results.map(({ scores }) => scores.map(({ accuracy }) => accuracy));
    expect(Math.min(...near!)).toBeGreaterThan(0.93);
    expect(Math.min(...linear!)).toBeGreaterThan(0.93);
    expect(Math.max(...most!)).toBeLessThan(0.45);
    expect(results[2]!.scores[0]!.logLoss).toBeCloseTo(Math.log(3), 2);
    expect(progress).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    const again = await crossValidate(table, [nearest()], options);
    expect(again[0]!.scores).toEqual(results[0]!.scores);
  });
  it('leaves out who has too few classes, and says so', async () => {
    const table = readUserTable(clouds(), 'tree');
    const [result] = await crossValidate(table, [{ ...majority, mostClasses: 2 }], options);
    expect(result).toMatchObject({ scores: [], leftOut: 'has weights for 2 classes, the table has 3' });
  });
  it('gives a class without training rows no probability', async () => {
    const text = readUserTable(written('rare', 'x,c\n1,a\n2,a\n3,b\n4,b\n5,b\n6,once\n'), 'c');
    const [result] = await crossValidate(text, [majority], { ...options, folds: 2 });
    expect(result!.scores[0]!.logLoss).toBeGreaterThan(-Math.log(1e-6) / 6);
  });
});

describe('an ensemble over orders of the classes', () => {
  /** Prefers the class that is called 0. */
  const partial: Classifier = {
    title: 'partial',
    mostClasses: 9,
    isSure: true,
    probabilities: async ({ classes, features, queries }) =>
      Float64Array.from({ length: (queries.length / features) * classes }, (_, i) =>
        Number(i % classes === 0),
      ),
  };
  it('spreads a preference for a name over the classes', async () => {
    const task = {
      features: 1,
      classes: 4,
      train: Float64Array.of(0, 1, 2, 3),
      labels: Int32Array.of(0, 1, 2, 3),
      queries: Float64Array.of(0),
    };
    expect([...(await ensemble(partial, 1, 0).probabilities(task))]).toEqual([1, 0, 0, 0]);
    const many = await ensemble(partial, 400, 0).probabilities(task);
    for (const value of many) expect(Math.abs(value - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / 400));
  });
});
