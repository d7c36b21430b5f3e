/** Which samples a step takes: a function of seed and step alone, so that a run can be taken up at any step. */
import { randomFromSeed } from '../tensor/random-stream.ts';

/**
 * Batches in the order of a fresh permutation for each epoch. The samples that do not fill a last batch are left out of
 * that epoch; where one batch takes more than there are, it takes all.
 * @param train indices to draw from
 * @returns the batch of the step after `done` steps, as a function of `done`
 */
export function batchOrder(
  train: readonly number[],
  batch: number,
  seed: number,
): (done: number) => readonly number[] {
  const size = Math.min(batch, train.length);
  const perEpoch = Math.floor(train.length / size);
  const root = randomFromSeed(seed);
  let known = -1;
  let order: readonly number[] = [];
  return (done) => {
    const epoch = Math.floor(done / perEpoch);
    if (epoch !== known) {
      order = root.stream('train', 'epoch', epoch).permutation(train.length);
      known = epoch;
    }
    const first = (done % perEpoch) * size;
    return order.slice(first, first + size).map((i) => train[i]!);
  };
}
