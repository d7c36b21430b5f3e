/** EquiTabPFN, as it ships, on a user's table: cross-validation where classes are known, predictions where they are not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../data/index.ts';
import { Fault } from '../fault.ts';
import { smallBaseline, smallConfig } from '../model/equitabpfn/config.ts';
import { equiTabPfn, tabPfnStyle } from '../model/equitabpfn/table-networks.ts';
import type { WeightArrays } from '../model/weights.ts';
import { openRuntime } from '../tensor/index.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { type Classifier, ensemble, majority, nearest, networkClassifier, ridge } from './classifiers.ts';
import { crossValidate, labelledRows, predictRows } from './cross-validate.ts';
import { stratifiedSubset } from './folds.ts';
import type { TableAnswer, TableQuestion } from './question.ts';
import { readUserTable } from './user-table.ts';

/** Orders of the classes that the baseline's ensemble is averaged over. */
const orders = 8;

/**
 * @param onFold is told how many folds of how many are done
 * @throws Fault as `readUserTable`, and `predict/too-few-rows`
 */
export async function predictTable(
  { table: file, target, folds, seeds, contextRows, compare }: TableQuestion,
  onFold: (done: number, total: number) => void = () => {},
): Promise<TableAnswer> {
  const table = readUserTable(file, target);
  const labelled = labelledRows(table);
  if (labelled.length < 2 * folds) {
    throw new Fault({
      code: 'predict/too-few-rows',
      message: `the table has ${labelled.length} rows with a class: too few for ${folds} folds`,
      expected: `at least ${2 * folds} rows with a class`,
      found: String(labelled.length),
      place: { file, member: target },
      advice: 'Give more rows, or fewer --folds.',
    });
  }
  const runtime = await openRuntime({ precision: 'float32' });
  const network = networkClassifier(runtime, equiTabPfn(smallConfig, 0, shipped('equitabpfn')));
  const baseline = compare
    ? networkClassifier(runtime, tabPfnStyle(smallBaseline, 0, shipped('baseline')))
    : undefined;
  const others: Classifier[] = baseline
    ? [baseline, ensemble(baseline, orders, 0), nearest(), ridge(), majority]
    : [];
  try {
    const validated = await crossValidate(table, [network, ...others], { folds, seeds, contextRows }, onFold);
    const open = [...table.labels.keys()].filter((row) => table.labels[row]! < 0);
    const random = randomFromSeed(seeds[0]!).stream('context');
    const train = stratifiedSubset(random, labelled, table.labels, contextRows);
    const all = open.length > 0 ? await predictRows(table, network, train, open) : new Float64Array(0);
    const count = table.classes.length;
    return {
      classes: table.classes,
      features: table.features.length,
      labelled: labelled.length,
      validated,
      predictions: open.map((row, i) => ({
        row,
        probabilities: [...all.subarray(i * count, (i + 1) * count)],
      })),
    };
  } finally {
    network.dispose();
    baseline?.dispose();
  }
}

/** Weights that ship: beside the bundle, or in the source tree. */
function shipped(name: 'equitabpfn' | 'baseline'): WeightArrays {
  const beside = fileURLToPath(new URL('weights', import.meta.url));
  const folder = existsSync(beside) ? beside : fileURLToPath(new URL('../../weights', import.meta.url));
  return Object.fromEntries(
    readSafetensors(join(folder, `${name}-small.safetensors`)).tensors,
  ) as WeightArrays;
}
