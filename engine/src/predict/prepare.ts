/** From rows of a table to one question for a classifier. */
import { outliersDrawnIn, standardised } from '../data/prior/index.ts';
import type { TableTask } from '../data/table-task.ts';
import type { UserTable } from './user-table.ts';

export interface PreparedTask extends TableTask {
  /** The task's classes are those that occur among its training rows: their numbers in the table. */
  readonly known: readonly number[];
}

/**
 * Features have their outliers drawn in and are standardised by the training rows; a missing value becomes their mean, 0, since
 * the synthetic tables that networks are trained on have none.
 * @param columns the network's: values are scaled by columns / features, as in its training; without it they are not
 */
export function prepare(
  { features, labels }: Pick<UserTable, 'features' | 'labels'>,
  train: readonly number[],
  queries: readonly number[],
  columns?: number,
): PreparedTask {
  const rows = [...train, ...queries];
  const p = features.length;
  const scale = columns === undefined ? 1 : columns / p;
  const table = new Float64Array(rows.length * p);
  for (const [i, { values }] of features.entries()) {
    const own = Float64Array.from(rows, (row) => values[row]!);
    const ready = standardised(outliersDrawnIn(own, train.length), train.length);
    const hasMoments = own.subarray(0, train.length).filter((value) => !Number.isNaN(value)).length > 1;
    for (const [row, value] of ready.entries()) {
      table[row * p + i] = hasMoments && !Number.isNaN(value) ? value * scale : 0;
    }
  }
  const known = [...new Set(train.map((row) => labels[row]!))].sort((a, b) => a - b);
  const number = new Map(known.map((label, i) => [label, i]));
  return {
    features: p,
    classes: known.length,
    known,
    train: table.slice(0, train.length * p),
    labels: Int32Array.from(train, (row) => number.get(labels[row]!)!),
    queries: table.slice(train.length * p),
  };
}
