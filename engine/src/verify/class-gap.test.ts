import { describe, expect, it } from 'vitest';
import { namedBack, renamed, type TableTask } from '../data/table-task.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { allOrders, classGap, type JudgedTask, type TablePredictor } from './class-gap.ts';

/** Tasks with random rows and labels. */
function tasksOf(count: number, classes: number): JudgedTask[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomFromSeed(8).stream('task', i);
    const [n, m, features] = [12, 9, 2];
    const task: TableTask = {
      features,
      classes,
      train: Float64Array.from({ length: n * features }, random.normal),
      labels: Int32Array.from({ length: n }, (_, row) => (row < classes ? row : random.integer(classes))),
      queries: Float64Array.from({ length: m * features }, random.normal),
    };
    return { task, answers: Int32Array.from({ length: m }, () => random.integer(classes)) };
  });
}

/** Attention over the training rows by distance, which no name of a class enters. */
const attending: TablePredictor = async ({ classes, features, train, labels, queries }) => {
  const scores = new Float64Array((queries.length / features) * classes);
  for (let q = 0; q < queries.length / features; q++) {
    for (const [row, label] of labels.entries()) {
      const square = [0, 1].reduce((sum, i) => sum + (queries[q * 2 + i]! - train[row * 2 + i]!) ** 2, 0);
      scores[q * classes + label]! += Math.exp(-square);
    }
  }
  return scores;
};

/** Each class has a scale and an offset of its own, as in a net with a decoder that has weights for each. */
const biased: TablePredictor = async (task) =>
  (await attending(task)).map((score, i) => score * (1 + (i % task.classes)) + 0.3 * (i % task.classes));

describe('the gap of target equivariance', () => {
  it('is the mean squared distance to the symmetrised predictor, for the squared loss and all orders of four classes', async () => {
    const { loss, symmetrised, gap, distance, calls, disagreement } = await classGap(biased, tasksOf(5, 4), {
      loss: 'squared',
      orders: 'all',
      seed: 0,
    });
    expect(calls).toBe(5 * 24);
    expect(gap).toBeGreaterThan(0.01);
    expect(Math.abs(gap - distance)).toBeLessThan(1e-12);
    expect(Math.abs(loss - symmetrised - gap)).toBeLessThan(1e-12);
    expect(disagreement).toBeGreaterThan(0.05);
  });

  it('symmetrises to a predictor that is equivariant itself', async () => {
    const symmetric: TablePredictor = async (task) => {
      const orders = allOrders(task.classes);
      const all = await Promise.all(
        orders.map(async (order) => namedBack(await biased(renamed(task, order)), order)),
      );
      return all[0]!.map((_, i) => all.reduce((sum, scores) => sum + scores[i]!, 0) / all.length);
    };
    const tasks = tasksOf(2, 4);
    const own = await classGap(symmetric, tasks, { loss: 'squared', orders: 'all', seed: 0 });
    expect(Math.abs(own.gap)).toBeLessThan(1e-12);
    const before = await classGap(biased, tasks, { loss: 'squared', orders: 'all', seed: 0 });
    expect(own.loss).toBeCloseTo(before.symmetrised, 10);
  });

  it.each(['squared', 'cross_entropy'] as const)(
    'is positive for the %s loss, and 0 for an equivariant predictor',
    async (loss) => {
      for (const orders of ['all', 6] as const) {
        const tasks = tasksOf(4, 3);
        expect((await classGap(biased, tasks, { loss, orders, seed: 3 })).gap).toBeGreaterThan(1e-3);
        const { gap, distance, disagreement } = await classGap(attending, tasks, { loss, orders, seed: 3 });
        expect(Math.abs(gap)).toBeLessThan(1e-12);
        expect(distance).toBeLessThan(1e-24);
        expect(disagreement).toBe(0);
      }
    },
  );

  it('does not take a 3-cycle for its inverse', async () => {
    // Scores are the names of the classes in the training rows: moved by the order, not against it.
    const order = [1, 2, 0];
    const [{ task }] = tasksOf(1, 3) as [JudgedTask];
    const back = namedBack(await attending(renamed(task, order)), order);
    expect([...back]).toEqual([...(await attending(task))]);
    expect([...namedBack(await attending(renamed(task, order)), [2, 0, 1])]).not.toEqual([...back]);
  });

  it('takes all orders of few classes only', async () => {
    expect(allOrders(3)).toHaveLength(6);
    expect(allOrders(3)[0]).toEqual([0, 1, 2]);
    expect(new Set(allOrders(4).map(String)).size).toBe(24);
    const many = classGap(attending, tasksOf(1, 8), { loss: 'squared', orders: 'all', seed: 0 });
    await expect(many).rejects.toThrow('all orders of 8 classes are too many; at most 7 classes');
    const none = classGap(attending, [], { loss: 'squared', orders: 2, seed: 0 });
    await expect(none).rejects.toThrow('there are no queries');
  });
});
