/** Folds in which each class has its share. */
import type { Random } from '../tensor/random.ts';

/**
 * Deals the rows of each class in random order over the folds, going on where the class before ended: folds and classes in
 * folds differ by one row at most.
 * @param rows with a label
 * @returns the rows of each fold
 */
export function stratifiedFolds(
  random: Random,
  rows: readonly number[],
  labels: Int32Array,
  folds: number,
): number[][] {
  const byClass = new Map<number, number[]>();
  for (const row of rows) byClass.set(labels[row]!, [...(byClass.get(labels[row]!) ?? []), row]);
  const dealt: number[][] = Array.from({ length: folds }, () => []);
  let next = 0;
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    const own = byClass.get(label)!;
    for (const at of random.stream('fold', label).permutation(own.length)) {
      dealt[next++ % folds]!.push(own[at]!);
    }
  }
  return dealt;
}

/** At most `most` of the rows, each class with its share of them and at least one row. */
export function stratifiedSubset(
  random: Random,
  rows: readonly number[],
  labels: Int32Array,
  most: number,
): number[] {
  if (rows.length <= most) return [...rows];
  const order = random.permutation(rows.length).map((at) => rows[at]!);
  const seen = new Set<number>();
  const first = order.filter((row) => !seen.has(labels[row]!) && seen.add(labels[row]!));
  const taken = new Set(first);
  // The folds of rows / most parts: one of them is a sample with every class's share.
  const share = stratifiedFolds(random.stream('subset'), order, labels, Math.ceil(rows.length / most))[0]!;
  for (const row of [...share, ...order]) {
    if (taken.size >= Math.max(most, first.length)) break;
    taken.add(row);
  }
  return [...taken];
}
