/** What the tests of EquiTabPFN share. */
import { real, type Values } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import type { Model } from '../model.ts';
import { anyTable, openEquiTabPfn, openTabPfn, type TableModelRequest } from './model.ts';

export async function bothRuntimes(): Promise<Readonly<Record<Precision, Runtime>>> {
  return {
    float32: await openRuntime({ precision: 'float32' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
}

export async function open(options: Options, rest: Partial<TableModelRequest> = {}): Promise<Model> {
  return openEquiTabPfn({ options, fields: anyTable, seed: 1, ...rest }, await bothRuntimes());
}

export async function openBaseline(options: Options): Promise<Model> {
  return openTabPfn({ options, fields: anyTable, seed: 1 }, await bothRuntimes());
}

/** Normal features and random labels, every class among them. */
export function table(classes: number, seed: number, known = 14, queries = 6, features = 5): Values {
  const random = randomFromSeed(seed).stream('table', classes, known, queries, features);
  const normal = (rows: number) => Float64Array.from({ length: rows * features }, () => random.normal());
  const labels = new Float64Array(known * classes);
  for (let row = 0; row < known; row++) {
    labels[row * classes + (row < classes ? row : random.integer(classes))] = 1;
  }
  return {
    features: real([known, features], normal(known)),
    labels: real([known, classes], labels),
    queries: real([queries, features], normal(queries)),
  };
}

/** Entry i of the result along an axis is entry order[i] of the values. */
export function reordered(values: Values, name: string, axis: 0 | 1, order: readonly number[]): Values {
  const { shape, data } = values[name]!;
  const [rows, columns] = shape as [number, number];
  const moved = Float64Array.from({ length: data.length }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return axis === 0 ? data[order[row]! * columns + column]! : data[row * columns + order[column]!]!;
  });
  return { ...values, [name]: real([rows, columns], moved) };
}

/** |a - b| over all entries as a root mean square, and relative to that of b unless `absolute`. */
export function distance(a: Values, b: Values, { absolute = false } = {}): number {
  const [x, y] = [a.logits!.data, b.logits!.data];
  if (x.length !== y.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (const [i, value] of y.entries()) {
    difference += (value - x[i]!) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / (absolute ? y.length : size));
}

export async function logits(model: Model, values: Values, precision: Precision): Promise<Values> {
  const [result] = await model.evaluate([values], precision);
  return result!;
}

/** A cycle of all: a swap is its own inverse and would hide a permutation that goes the wrong way. */
export function cycle(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + 1) % count);
}
