/**
 * What it costs a classifier of tables that it is not equivariant to the names of classes: L(f) - L(f_eq), where f_eq is the mean
 * over orders of the classes (Arbel et al. 2025, section 5: the target-equivariance gap).
 */
import { namedBack, renamed, type TableTask } from '../data/table-task.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';

/** Scores [M, classes] of a task's queries. */
export type TablePredictor = (task: TableTask) => Promise<Float64Array>;

export interface JudgedTask {
  readonly task: TableTask;
  /** Classes of the queries, [M]. */
  readonly answers: Int32Array;
}

export interface ClassGapOptions {
  /** `squared`: |scores - one-hot|^2. `cross_entropy`: of the softmax of the scores. */
  readonly loss: 'squared' | 'cross_entropy';
  /** Orders to average over: all of them (q! calls), or so many random ones, drawn anew for each task. */
  readonly orders: 'all' | number;
  readonly seed: number;
}

export interface ClassGap {
  /** L(f), each task under all its orders. */
  readonly loss: number;
  /** L(f_eq) */
  readonly symmetrised: number;
  /** Their difference: not negative, and 0 exactly where f is equivariant. */
  readonly gap: number;
  /** Mean over queries and orders of |f - f_eq|^2, scores centred: what the gap is for the squared loss. */
  readonly distance: number;
  /** Share of queries and orders whose largest score is another class than under the first order. */
  readonly disagreement: number;
  /** Calls of the predictor. */
  readonly calls: number;
}

/** Most classes of which all orders are taken: 5040 calls. */
const mostClasses = 7;

/**
 * Means over all queries of all tasks. The decomposition L(f) = L(f_eq) + gap holds for the very orders that are averaged over, since L(f)
 * is taken over them too; that stands for data whose classes are named by chance.
 * @throws RangeError for all orders of more than 7 classes, no orders, or no queries
 */
export async function classGap(
  predict: TablePredictor,
  tasks: readonly JudgedTask[],
  options: ClassGapOptions,
): Promise<ClassGap> {
  const sums = { loss: 0, symmetrised: 0, distance: 0, disagreement: 0 };
  let queries = 0;
  let calls = 0;
  for (const [index, { task, answers }] of tasks.entries()) {
    const { classes } = task;
    const orders = ordersOf(classes, options, index);
    const all: Float64Array[] = [];
    for (const order of orders) {
      const scores = namedBack(await predict(renamed(task, order)), order);
      all.push(options.loss === 'cross_entropy' ? centred(scores, classes) : scores);
    }
    calls += orders.length;
    const mean = new Float64Array(all[0]!.length);
    for (const scores of all) for (const [i, score] of scores.entries()) mean[i]! += score / all.length;
    const first = winners(all[0]!, classes);
    for (const scores of all) {
      const own = winners(scores, classes);
      sums.loss += lossOf(options.loss, scores, answers, classes) / all.length;
      for (const [i, score] of scores.entries()) sums.distance += (score - mean[i]!) ** 2 / all.length;
      sums.disagreement += own.filter((winner, i) => winner !== first[i]).length / all.length;
    }
    sums.symmetrised += lossOf(options.loss, mean, answers, classes);
    queries += answers.length;
  }
  if (queries === 0) throw new RangeError('there are no queries to measure on');
  return {
    loss: sums.loss / queries,
    symmetrised: sums.symmetrised / queries,
    gap: (sums.loss - sums.symmetrised) / queries,
    distance: sums.distance / queries,
    disagreement: sums.disagreement / queries,
    calls,
  };
}

function ordersOf(classes: number, { orders, seed }: ClassGapOptions, task: number): number[][] {
  if (orders === 'all') {
    if (classes > mostClasses) {
      throw new RangeError(`all orders of ${classes} classes are too many; at most ${mostClasses} classes`);
    }
    return allOrders(classes);
  }
  if (orders < 1) throw new RangeError('at least one order is needed');
  const random = randomFromSeed(seed).stream('class orders', task);
  return Array.from({ length: orders }, () => random.permutation(classes));
}

/** The identity first. */
export function allOrders(n: number): number[][] {
  if (n === 0) return [[]];
  const shorter = allOrders(n - 1);
  return Array.from({ length: n }, (_, place) =>
    shorter.map((order) => [...order.slice(0, n - 1 - place), n - 1, ...order.slice(n - 1 - place)]),
  ).flat();
}

/** Sum over the rows. */
function lossOf(
  loss: ClassGapOptions['loss'],
  scores: Float64Array,
  answers: Int32Array,
  classes: number,
): number {
  let sum = 0;
  for (const [row, answer] of answers.entries()) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    if (loss === 'squared') {
      for (const [c, score] of own.entries()) sum += (score - Number(c === answer)) ** 2;
      continue;
    }
    const largest = Math.max(...own);
    sum +=
      largest + Math.log(own.reduce((total, score) => total + Math.exp(score - largest), 0)) - own[answer]!;
  }
  return sum;
}

/** A constant added to all scores of a row changes no probability: it is taken out. */
function centred(scores: Float64Array, classes: number): Float64Array {
  const means = Float64Array.from({ length: scores.length / classes }, (_, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    return own.reduce((sum, score) => sum + score, 0) / classes;
  });
  return scores.map((score, i) => score - means[Math.floor(i / classes)]!);
}

function winners(scores: Float64Array, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}
