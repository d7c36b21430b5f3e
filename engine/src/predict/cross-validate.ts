/** Cross-validation of several classifiers on the same folds. */
import { randomFromSeed } from '../tensor/random-stream.ts';
import type { Classifier } from './classifiers.ts';
import { stratifiedFolds, stratifiedSubset } from './folds.ts';
import { prepare } from './prepare.ts';
import { type Scores, scoresOf } from './scores.ts';
import type { UserTable } from './user-table.ts';

export interface ValidationOptions {
  readonly folds: number;
  /** Each seed deals other folds. */
  readonly seeds: readonly number[];
  /** Most training rows that a classifier is given. */
  readonly contextRows: number;
}

export interface Validated {
  readonly title: string;
  /** Over all rows, one for each seed; empty where `leftOut` says why. */
  readonly scores: readonly Scores[];
  /** Log-loss and calibration say nothing where it is false. */
  readonly isSure: boolean;
  readonly leftOut?: string;
  /** Seconds for all folds of a seed: mean over the seeds. */
  readonly seconds: number;
}

/**
 * @param onFold is told how many folds of how many are done
 * @throws the signal's reason when aborted
 */
export async function crossValidate(
  table: UserTable,
  classifiers: readonly Classifier[],
  { folds, seeds, contextRows }: ValidationOptions,
  onFold: (done: number, total: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Validated[]> {
  const rows = labelledRows(table);
  const count = table.classes.length;
  const results: Validated[] = [];
  let done = 0;
  for (const classifier of classifiers) {
    const { title, isSure, mostClasses } = classifier;
    if (count > mostClasses) {
      results.push({
        title,
        isSure,
        scores: [],
        leftOut: `has weights for ${mostClasses} classes, the table has ${count}`,
        seconds: 0,
      });
      done += seeds.length * folds;
      continue;
    }
    const scores: Scores[] = [];
    const started = performance.now();
    for (const seed of seeds) {
      const random = randomFromSeed(seed).stream('cross-validation');
      const probabilities: number[] = [];
      const answers: number[] = [];
      const dealt = stratifiedFolds(random, rows, table.labels, folds);
      for (const [index, queries] of dealt.entries()) {
        signal?.throwIfAborted();
        const others = dealt.filter((_, i) => i !== index).flat();
        const train = stratifiedSubset(random.stream('context', index), others, table.labels, contextRows);
        const own = await predictRows(table, classifier, train, queries);
        for (const value of own) probabilities.push(value);
        answers.push(...queries.map((row) => table.labels[row]!));
        onFold(++done, classifiers.length * seeds.length * folds);
      }
      scores.push(scoresOf(Float64Array.from(probabilities), Int32Array.from(answers), count));
    }
    results.push({ title, isSure, scores, seconds: (performance.now() - started) / 1000 / seeds.length });
  }
  return results;
}

/** Probabilities [queries, classes of the table]; 0 for a class that no training row has. */
export async function predictRows(
  table: UserTable,
  classifier: Classifier,
  train: readonly number[],
  queries: readonly number[],
): Promise<Float64Array> {
  const task = prepare(table, train, queries, classifier.columns);
  const own = await classifier.probabilities(task);
  const count = table.classes.length;
  const all = new Float64Array(queries.length * count);
  for (const [i, value] of own.entries()) {
    all[Math.floor(i / task.classes) * count + task.known[i % task.classes]!] = value;
  }
  return all;
}

/** Numbers of the rows that have a target. */
export function labelledRows({ labels }: Pick<UserTable, 'labels'>): number[] {
  return [...labels.keys()].filter((row) => labels[row]! >= 0);
}
