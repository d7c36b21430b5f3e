/** From a real column to categories: the boundaries are values of the column itself. */
import type { Random } from '../../tensor/random.ts';

/**
 * Category of an entry: how many of `count` - 1 boundaries lie below it. The boundaries are the entries of random rows, so that
 * categories are about as often as each other on average, and fewer than `count` occur where boundaries coincide.
 * @param column [rows]
 * @param ordered chance that the categories keep their order; otherwise their names are permuted
 * @returns [rows], whole numbers in 0..count - 1
 */
export function categoriesOf(
  random: Random,
  column: Float64Array,
  count: number,
  ordered: number,
): Int32Array {
  const boundaries = Array.from({ length: count - 1 }, () => column[random.integer(column.length)]!);
  const keeps = random.uniform() < ordered;
  const names = keeps ? Array.from({ length: count }, (_, i) => i) : random.permutation(count);
  const isReversed = random.uniform() > 0.5;
  return Int32Array.from(column, (value) => {
    const name = names[boundaries.filter((boundary) => value > boundary).length]!;
    return isReversed ? count - 1 - name : name;
  });
}
