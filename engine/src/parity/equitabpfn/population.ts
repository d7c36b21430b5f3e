/** What this engine's prior is like, over as many tables as the official sampler was asked for. */
import { officialPrior, type PriorTable, priorBatch } from '../../data/prior/index.ts';
import { real } from '../../tensor/array.ts';
import { levels, type Population, quantile } from '../population.ts';
import type { Runner } from '../runner.ts';

interface Hyper {
  readonly seed: number;
  readonly n_samples: number;
  readonly num_features: number;
  readonly max_classes: number;
  readonly single_eval_pos: number;
  readonly population: Population;
}

/** By the case's settings: both precisions compare the same tables, made once. */
const known = new Map<string, ReadonlyMap<string, number>>();

export const populationRunner: Runner = {
  system: 'equitabpfn',
  handles: ({ module }) => module.startsWith('MLP prior plus classification adapter'),
  compute(runtime, parityCase) {
    const hyper = parityCase.hyper as unknown as Hyper;
    const key = JSON.stringify(hyper);
    const statistics = known.get(key) ?? measured(hyper);
    known.set(key, statistics);
    const outputs = [...parityCase.outputs.keys()].map((name) => [
      name,
      runtime.tensor(real([], [statistics.get(name) ?? 0])),
    ]);
    return { outputs: Object.fromEntries(outputs), intermediates: {} };
  },
};

function measured(hyper: Hyper): ReadonlyMap<string, number> {
  const count = hyper.population.n_data_sets;
  const tables = Array.from({ length: count }, (_, i) => tableNumber(hyper, i));
  const usable = tables.filter(({ classes }) => classes > 0);
  const majorities = usable.map(({ y }) => largestShare(y));
  const features = tables.map((table) => absoluteMeans(table).filter((mean) => mean > 0));
  const sizes = features
    .filter((means) => means.length > 0)
    .map((means) => means.reduce((a, b) => a + b, 0) / means.length);
  const statistics = new Map<string, number>();
  for (const { classes } of tables) {
    const name = `share.${classes}`;
    statistics.set(name, (statistics.get(name) ?? 0) + 1 / count);
  }
  for (const level of levels) {
    statistics.set(`majority.${level}`, quantile(majorities, level));
    const numbers = features.map((means) => means.length);
    statistics.set(`features.${level}`, quantile(numbers, level));
    statistics.set(`size.${level}`, quantile(sizes, level));
  }
  statistics.set('majority.mean', majorities.reduce((a, b) => a + b, 0) / majorities.length);
  return statistics;
}

function tableNumber(hyper: Hyper, index: number): PriorTable {
  const config = {
    ...officialPrior,
    rows: hyper.n_samples,
    tables: 1,
    mostFeatures: hyper.num_features,
    mostClasses: hyper.max_classes,
    // Without the scaling by used features.
    columns: 1,
    split: [hyper.single_eval_pos, hyper.single_eval_pos + 1] as const,
    gaussianProcess: 0,
  };
  const [table] = priorBatch(config, hyper.seed, index).tables;
  return table!;
}

function largestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}

/** Mean |x| of each feature in units of its own deviation; 0 for a constant one. */
function absoluteMeans({ rows, features, x }: PriorTable): number[] {
  const sums = new Array<number>(features).fill(0);
  for (const [i, value] of x.entries()) sums[i % features]! += Math.abs(value);
  return sums.map((sum) => (sum * features) / rows);
}
