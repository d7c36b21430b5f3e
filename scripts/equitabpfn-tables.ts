/**
 * Cross-validates the small pre-trained networks and simple classifiers on tables, and measures the equivariance gap on new
 * tables of the prior.
 *
 *   node scripts/equitabpfn-tables.ts WEIGHTS_FOLDER [TABLE.csv …]     the target is the last column
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSafetensors } from '../engine/src/data/index.ts';
import { officialPrior, priorBatch } from '../engine/src/data/prior/index.ts';
import { smallBaseline, smallConfig } from '../engine/src/model/equitabpfn/config.ts';
import { equiTabPfn, tabPfnStyle } from '../engine/src/model/equitabpfn/table-networks.ts';
import {
  crossValidate,
  ensemble,
  majority,
  nearest,
  networkClassifier,
  readUserTable,
  ridge,
} from '../engine/src/predict/index.ts';
import { openRuntime } from '../engine/src/tensor/index.ts';
import { classGap, type JudgedTask } from '../engine/src/verify/class-gap.ts';

const [folder, ...tables] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node scripts/equitabpfn-tables.ts WEIGHTS_FOLDER [TABLE.csv …]');
const trained = (name: string) =>
  Object.fromEntries(readSafetensors(join(folder, `${name}-small.safetensors`)).tensors);
const runtime = await openRuntime({ precision: 'float32' });
const own = networkClassifier(runtime, equiTabPfn(smallConfig, 0, trained('equitabpfn')));
const baseline = networkClassifier(runtime, tabPfnStyle(smallBaseline, 0, trained('baseline')));
const seeds = [0, 1, 2];
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

console.log(
  'gap on new tables of the prior, cross entropy, 16 orders: L(f), L(f_eq), gap, distance, disagreement',
);
for (const classes of [2, 3, 5, 8]) {
  for (const { title, scores } of [own, baseline]) {
    const rows = await Promise.all(
      seeds.map((seed) =>
        classGap(scores, tasksOf(classes, 100 + seed), { loss: 'cross_entropy', orders: 16, seed }),
      ),
    );
    const shown = (['loss', 'symmetrised', 'gap', 'distance', 'disagreement'] as const).map((key) =>
      mean(rows.map((row) => row[key])).toPrecision(3),
    );
    console.log(`| ${classes} | ${title} | ${shown.join(' | ')} |`);
  }
}
for (const file of tables) {
  const target = readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]!.split(',').at(-1)!;
  const table = readUserTable(file, target);
  const classifiers = [own, baseline, ensemble(baseline, 8, 0), nearest(), ridge(), majority];
  const results = await crossValidate(table, classifiers, { folds: 3, seeds, contextRows: 500 });
  console.log(
    `\n${basename(file)}: ${table.labels.length} rows, ${table.features.length} features, ${table.classes.length} classes`,
  );
  for (const { title, scores, isSure, leftOut, seconds } of results) {
    const each = (key: 'accuracy' | 'logLoss' | 'calibrationError') =>
      scores.map((score) => score[key].toFixed(3)).join(' ');
    const sure = isSure ? `${each('logLoss')} | ${each('calibrationError')}` : '- | -';
    console.log(
      leftOut
        ? `| ${title} | ${leftOut} |`
        : `| ${title} | ${each('accuracy')} | ${sure} | ${seconds.toFixed(1)} |`,
    );
  }
}

/** Tables of the prior with this number of classes. */
function tasksOf(classes: number, seed: number): JudgedTask[] {
  const prior = {
    ...officialPrior,
    rows: 80,
    tables: 1,
    mostFeatures: 8,
    binary: 0,
    split: [56, 57] as const,
    mostClasses: 10,
  };
  const tasks: JudgedTask[] = [];
  for (let index = 0; tasks.length < 20; index++) {
    const [table] = priorBatch(prior, seed, index).tables;
    if (table!.classes !== classes) continue;
    const { features, x, y } = table!;
    tasks.push({
      task: {
        features,
        classes,
        train: x.slice(0, 56 * features),
        labels: y.slice(0, 56),
        queries: x.slice(56 * features),
      },
      answers: y.slice(56),
    });
  }
  return tasks;
}
