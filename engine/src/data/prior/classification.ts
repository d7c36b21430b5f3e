/** From a table with a real target to a classification task: categorical columns, like scales, classes, a usable split. */
import type { Random } from '../../tensor/random.ts';
import { outliersDrawnIn, standardised } from './columns.ts';
import { ignored, type PriorConfig } from './config.ts';
import { gamma, roundedUniform } from './laws.ts';
import type { RealTable } from './network.ts';
import { categoriesOf } from './ranks.ts';
import type { PriorTable } from './tables.ts';

/** Chances that categories keep their order: of features, and of the target. */
const orderedFeature = 0.3;
const orderedTarget = 0;
/** Orders of the rows that are tried until both parts of the table know the same classes. */
const mostOrders = 10;

export function classified(
  random: Random,
  { columns, categorical, binary }: Pick<PriorConfig, 'columns' | 'categorical' | 'binary'>,
  { features, x, y }: RealTable,
  nominalClasses: number,
  split: number,
): Pick<PriorTable, 'features' | 'x' | 'y' | 'classes'> {
  const rows = y.length;
  const warp = random.stream('categorical');
  const share = warp.uniform() < categorical ? warp.uniform() : 0;
  const ready = Array.from({ length: features }, (_, i) => {
    const column = Float64Array.from({ length: rows }, (_, row) => x[row * features + i]!);
    return standardised(outliersDrawnIn(warped(warp.stream(i), column, share))).map(
      (value) => (value * columns) / features,
    );
  });
  const target = random.stream('target');
  const count = target.uniform() > binary ? roundedUniform(target, 2, nominalClasses) : 2;
  const labels = categoriesOf(target, standardised(y), count, orderedTarget);
  const order = splitOrder(random.stream('order'), labels, split);
  const chosen = order ?? Array.from({ length: rows }, (_, row) => row);
  const table = new Float64Array(rows * features);
  chosen.forEach((from, row) => {
    for (let i = 0; i < features; i++) table[row * features + i] = ready[i]![from]!;
  });
  if (!order) return { features, x: table, y: new Int32Array(rows).fill(ignored), classes: 0 };
  return {
    features,
    x: table,
    ...relabelled(
      random.stream('shift'),
      order.map((row) => labels[row]!),
    ),
  };
}

function warped(random: Random, column: Float64Array, share: number): Float64Array {
  if (random.uniform() >= share) return column;
  const count = Math.max(Math.round(gamma(random, 1, 10)), 2);
  return Float64Array.from(categoriesOf(random, column, count, orderedFeature));
}

/** An order of the rows in which training and query rows have the same classes, at least two; none found: undefined. */
function splitOrder(random: Random, labels: Int32Array, split: number): number[] | undefined {
  let order = Array.from(labels, (_, row) => row);
  for (let tries = 0; tries < mostOrders; tries++) {
    const train = new Set(order.slice(0, split).map((row) => labels[row]!));
    const asked = new Set(order.slice(split).map((row) => labels[row]!));
    if (train.size > 1 && train.size === asked.size && [...train].every((label) => asked.has(label)))
      return order;
    const again = random.permutation(order.length);
    order = again.map((at) => order[at]!);
  }
  return undefined;
}

/** The classes that occur become 0..k - 1, shifted cyclically by a random number: no name is likelier than another. */
function relabelled(random: Random, labels: readonly number[]): { y: Int32Array; classes: number } {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const shift = random.integer(present.length);
  const names = new Map(present.map((label, i) => [label, (i + shift) % present.length]));
  return { y: Int32Array.from(labels, (label) => names.get(label)!), classes: present.length };
}
