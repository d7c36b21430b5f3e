/** The synthetic prior as a source of data: endless tables for in-context classification, each a function of seed and number. */
import type { Random } from '../../tensor/random.ts';
import { randomFromSeed } from '../../tensor/random-stream.ts';
import { drawNetwork, drawSettings } from './causal-model.ts';
import { classified } from './classification.ts';
import type { PriorConfig } from './config.ts';
import { drawProcess, processTable } from './gaussian-process.ts';
import { roundedUniform } from './laws.ts';
import { type RealTable, tableOf } from './network.ts';

/** A table with classes. Its first rows are for training, the others are asked about. */
export interface PriorTable {
  readonly kind: PriorKind;
  readonly rows: number;
  /** Used features. */
  readonly features: number;
  /** [rows, features], standardised and scaled by columns / features. */
  readonly x: Float64Array;
  /** [rows]: 0..classes - 1, or `ignored` throughout where no split could be made. */
  readonly y: Int32Array;
  /** 0 where all labels are ignored. */
  readonly classes: number;
}

export type PriorKind = 'causal-model' | 'gaussian-process';

export interface PriorBatch {
  readonly tables: readonly PriorTable[];
  /** Training rows of each. */
  readonly split: number;
  /** Most classes that a table of this batch can have. */
  readonly nominalClasses: number;
}

/**
 * Batch `index` of the stream of a seed (section 3.2 of the design follows the official recipe). Takes no other batch to be made.
 * @throws RangeError when the seed is no integer of 53 bits
 */
export function priorBatch(config: PriorConfig, seed: number, index: number): PriorBatch {
  const random = randomFromSeed(seed).stream('prior', index);
  const shared = random.stream('shared');
  const kind: PriorKind = shared.uniform() < config.gaussianProcess ? 'gaussian-process' : 'causal-model';
  const features = roundedUniform(shared, 1, config.mostFeatures);
  const nominalClasses = roundedUniform(shared, 2, config.mostClasses);
  const [first, last] = config.split;
  const split = first + shared.integer(last - first);
  const tables = Array.from({ length: config.tables }, (_, i) => {
    const own = random.stream('table', i);
    const real = whole(realTable(own.stream(kind), kind, config.rows, features));
    return {
      kind,
      rows: config.rows,
      ...classified(own.stream('classes'), config, real, nominalClasses, split),
    };
  });
  return { tables, split, nominalClasses };
}

function realTable(random: Random, kind: PriorKind, rows: number, features: number): RealTable {
  if (kind === 'gaussian-process') return processTable(random, drawProcess(random), rows, features);
  return tableOf(drawNetwork(random, drawSettings(random.stream('settings')), rows, features));
}

/** A table that left the range of numbers teaches nothing: it becomes one that no loss counts. */
function whole(table: RealTable): RealTable {
  const { x, y } = table;
  if (x.every(Number.isFinite) && y.every(Number.isFinite)) return table;
  return { ...table, x: new Float64Array(x.length), y: new Float64Array(y.length) };
}
