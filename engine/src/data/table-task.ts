/** One question to a network of tables: labelled rows, and rows to be labelled. Arrays on the host. */

export interface TableTask {
  readonly features: number;
  readonly classes: number;
  /** [N, features], ready for the network: standardised, scaled, nothing missing. */
  readonly train: Float64Array;
  /** [N], 0..classes - 1. */
  readonly labels: Int32Array;
  /** [M, features] */
  readonly queries: Float64Array;
}

/** The same question with other names for the classes: class c is called order[c]. */
export function renamed(task: TableTask, order: readonly number[]): TableTask {
  return { ...task, labels: task.labels.map((label) => order[label]!) };
}

/** Scores of a renamed task under the old names: column c is column order[c]. @param scores [M, classes] */
export function namedBack(scores: Float64Array, order: readonly number[]): Float64Array {
  const classes = order.length;
  return scores.map((_, i) => scores[i - (i % classes) + order[i % classes]!]!);
}
