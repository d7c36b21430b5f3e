/** Classifiers of tables: a network in context, its mean over orders of the classes, and simple ones to compare with. */
import KNN from 'ml-knn';
import { Matrix, solve } from 'ml-matrix';
import { namedBack, renamed, type TableTask } from '../data/table-task.ts';
import { type DeviceWeights, uploadWeights } from '../model/device-weights.ts';
import type { TableNetwork } from '../model/table-network.ts';
import { real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import type { Runtime } from '../tensor/runtime.ts';

export interface Classifier {
  readonly title: string;
  /** Of the network; simple classifiers take unscaled values and any number of features. */
  readonly columns?: number;
  readonly mostClasses: number;
  /** False where it names classes without saying how sure it is. */
  readonly isSure: boolean;
  /** [M, classes]; rows sum to 1. */
  probabilities(task: TableTask): Promise<Float64Array>;
}

/** The paper's code divides scores by it at inference. */
const temperature = 0.8;
/** Queries that go through a network together: each sees the training rows alone, so that parts are as good as the whole. */
const queriesAtOnce = 256;

/** Scores [M, classes] of a network. The caller disposes of the weights. */
export async function networkScores(
  runtime: Runtime,
  network: TableNetwork,
  weights: DeviceWeights,
  { features, classes, train, labels, queries }: TableTask,
): Promise<Float64Array> {
  const { tf } = runtime;
  const known = labels.length;
  const count = queries.length / features;
  const hot = new Float64Array(known * classes);
  for (const [row, label] of labels.entries()) hot[row * classes + label] = 1;
  const scores = new Float64Array(count * classes);
  for (let from = 0; from < count; from += queriesAtOnce) {
    const own = queries.subarray(from * features, (from + queriesAtOnce) * features);
    const values = new Float64Array(train.length + own.length);
    values.set(train);
    values.set(own, train.length);
    const logits = tf.tidy(() =>
      network.logits(runtime, weights, {
        values: runtime.tensor(real([1, values.length / features, features], values)),
        labels: runtime.tensor(real([1, known, classes], hot)),
      }),
    );
    scores.set((await runtime.array(logits)).data, from * classes);
    logits.dispose();
  }
  return scores;
}

/** A network with its weights on the device. */
export function networkClassifier(
  runtime: Runtime,
  network: TableNetwork,
): Classifier & { scores(task: TableTask): Promise<Float64Array>; dispose(): void } {
  const weights = uploadWeights(runtime, network.weights);
  const scores = (task: TableTask) => networkScores(runtime, network, weights, task);
  return {
    title: network.title,
    columns: network.columns,
    mostClasses: network.classes,
    isSure: true,
    scores,
    probabilities: async (task) => softmax(await scores(task), task.classes),
    dispose: () => runtime.tf.dispose(Object.values(weights)),
  };
}

/** Mean probabilities over random orders of the classes. @param count of them, of which the first changes nothing */
export function ensemble(classifier: Classifier, count: number, seed: number): Classifier {
  return {
    ...classifier,
    title: `${classifier.title}, ${count} orders`,
    async probabilities(task) {
      const random = randomFromSeed(seed).stream('ensemble');
      const sum = new Float64Array((task.queries.length / task.features) * task.classes);
      for (let i = 0; i < count; i++) {
        const order = i === 0 ? [...Array(task.classes).keys()] : random.permutation(task.classes);
        const own = namedBack(await classifier.probabilities(renamed(task, order)), order);
        for (const [at, value] of own.entries()) sum[at]! += value / count;
      }
      return sum;
    },
  };
}

/** The shares of the classes among the training rows. */
export const majority: Classifier = {
  title: 'majority',
  mostClasses: Number.POSITIVE_INFINITY,
  isSure: true,
  async probabilities({ classes, features, labels, queries }) {
    const shares = new Float64Array(classes);
    for (const label of labels) shares[label]! += 1 / labels.length;
    return Float64Array.from(
      { length: (queries.length / features) * classes },
      (_, i) => shares[i % classes]!,
    );
  },
};

/** k nearest neighbours by ml-knn, which names a class and gives no probabilities. */
export function nearest(k = 5): Classifier {
  return {
    title: `${k}-NN (ml-knn)`,
    mostClasses: Number.POSITIVE_INFINITY,
    isSure: false,
    async probabilities({ classes, features, train, labels, queries }) {
      const knn = new KNN(rowsOf(train, features), [...labels], { k: Math.min(k, labels.length) });
      return oneHot(knn.predict(rowsOf(queries, features)) as number[], classes);
    },
  };
}

/** Least squares on one-hot classes with a ridge penalty, solved by ml-matrix; names the class of the largest value. */
export function ridge(penalty = 1): Classifier {
  return {
    title: 'ridge (ml-matrix)',
    mostClasses: Number.POSITIVE_INFINITY,
    isSure: false,
    async probabilities({ classes, features, train, labels, queries }) {
      const x = new Matrix(rowsOf(train, features).map((row) => [1, ...row]));
      const y = Matrix.zeros(labels.length, classes);
      for (const [row, label] of labels.entries()) y.set(row, label, 1);
      const transposed = x.transpose();
      const penalties = Matrix.eye(features + 1, features + 1, penalty);
      // The intercept is free, but for what keeps the system regular.
      penalties.set(0, 0, 1e-9);
      const weights = solve(Matrix.add(transposed.mmul(x), penalties), transposed.mmul(y));
      const values = new Matrix(rowsOf(queries, features).map((row) => [1, ...row])).mmul(weights);
      return oneHot(
        values.to2DArray().map((row) => row.indexOf(Math.max(...row))),
        classes,
      );
    },
  };
}

function rowsOf(table: Float64Array, features: number): number[][] {
  return Array.from({ length: table.length / features }, (_, row) => [
    ...table.subarray(row * features, (row + 1) * features),
  ]);
}

function oneHot(classes: readonly number[], count: number): Float64Array {
  const hot = new Float64Array(classes.length * count);
  for (const [row, label] of classes.entries()) hot[row * count + label] = 1;
  return hot;
}

function softmax(scores: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(scores.length);
  for (let from = 0; from < scores.length; from += classes) {
    const own = scores.subarray(from, from + classes).map((score) => score / temperature);
    const largest = Math.max(...own);
    const powers = own.map((score) => Math.exp(score - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    result.set(
      powers.map((power) => power / sum),
      from,
    );
  }
  return result;
}
