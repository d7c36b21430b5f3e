/** From named values to tables on the host, checked and made ready. */
import { outliersDrawnIn, standardised } from '../../data/prior/index.ts';
import { Fault } from '../../fault.ts';
import type { Axis, IndexSizes } from '../../signature.ts';
import type { NdArray, Values } from '../../tensor/array.ts';
import { checkInput } from '../fields.ts';
import { withoutMissing } from './missing.ts';
import type { TableSpecification } from './specification.ts';
import { tableInputs } from './table-fields.ts';

/** One table: labelled rows first, then queries. */
export interface HostTable {
  readonly known: number;
  readonly queries: number;
  readonly features: number;
  readonly classes: number;
  /** [known + queries, features], 0 where a value is missing. */
  readonly values: Float64Array;
  /** Of missing values, of the same size; absent where none is missing. */
  readonly codes: Float64Array | undefined;
  /** [known, classes] */
  readonly labels: Float64Array;
}

/** @throws Fault `model/missing-input`, `model/input-shape`, `model/input-value` when an input is not what the signature says. */
export function checkedSizes({ network, fields }: TableSpecification, values: Values): IndexSizes {
  const { features, labels, queries, rowIndex, queryIndex, featureAxis, classAxis } = fields;
  const [rows = 0, columns = 0] = values[features.name]?.shape ?? [];
  const sizes = {
    ...named(featureAxis, columns),
    ...named(classAxis, values[labels.name]?.shape[1] ?? 0),
    [queryIndex]: values[queries.name]?.shape[0] ?? 0,
    [rowIndex]: rows,
  };
  for (const field of tableInputs(fields)) checkInput(network.kind, field, values[field.name], sizes);
  const size = (axis: Axis): number => ('index' in axis ? sizes[axis.index]! : axis.size);
  if (rows === 0 || sizes[queryIndex] === 0) {
    throw tooMany(
      features.name,
      'has no labelled row, or there is no row to classify',
      'one of each at least',
    );
  }
  const { columns: most } = network.config;
  if (size(featureAxis) > most) {
    const what = `has ${size(featureAxis)} features, and the encoder has weights for ${most}`;
    throw tooMany(features.name, what, `at most ${most} features`);
  }
  if (network.kind === 'TabPFN' && size(classAxis) > network.config.classes) {
    const { classes } = network.config;
    const what = `has ${size(classAxis)} classes, and the network has weights for ${classes}`;
    throw tooMany(labels.name, what, `at most ${classes} classes`);
  }
  for (const { name } of [features, queries]) checkFinite(name, values[name]!);
  return sizes;
}

function named(axis: Axis, size: number): IndexSizes {
  return 'index' in axis ? { [axis.index]: size } : {};
}

function tooMany(name: string, what: string, expected: string): Fault {
  return new Fault({
    code: 'model/input-shape',
    message: `\`${name}\` ${what}`,
    expected,
    advice: 'Leave such samples out of the data, or change the options of the model.',
  });
}

/** NaN is a missing value. */
function checkFinite(name: string, { data }: NdArray): void {
  for (const value of data) {
    if (Math.abs(value) !== Number.POSITIVE_INFINITY) continue;
    throw new Fault({
      code: 'model/input-value',
      message: `\`${name}\` holds ${value}`,
      expected: 'finite numbers',
      found: String(value),
      advice: 'Repair the value, or say that it is missing with `observed`.',
    });
  }
}

/** @param values checked */
export function hostTable(specification: TableSpecification, values: Values): HostTable {
  const { fields, scaling, missingStatistics, network } = specification;
  const train = seen(values[fields.features.name]!, fields.observed && values[fields.observed.name]!);
  const asked = seen(
    values[fields.queries.name]!,
    fields.observedQueries && values[fields.observedQueries.name]!,
  );
  const [known, features] = values[fields.features.name]!.shape as [number, number];
  const queries = asked.length / features;
  const table = new Float64Array(train.length + asked.length);
  table.set(train);
  table.set(asked, train.length);
  const { columns } = network.config;
  const ready = scaling === 'none' ? table : scaled(table, features, known, columns / features);
  const statisticsOf = missingStatistics === 'all' ? known + queries : known;
  return {
    known,
    queries,
    features,
    ...withoutMissing(ready, features, statisticsOf),
    ...indicators(values[fields.labels.name]!, fields.classAxis),
  };
}

/** NaN where a value was not observed. */
function seen({ data }: NdArray, observed: NdArray | undefined): Float64Array {
  return Float64Array.from(data, (value, i) => (observed?.data[i] === 0 ? Number.NaN : value));
}

/** Outliers drawn in, then standardised, by the labelled rows. A column with fewer than two known values there says nothing: 0. */
function scaled(table: Float64Array, features: number, known: number, factor: number): Float64Array {
  const rows = table.length / features;
  const result = new Float64Array(table.length);
  for (let column = 0; column < features; column++) {
    const own = Float64Array.from({ length: rows }, (_, row) => table[row * features + column]!);
    const isTold = own.subarray(0, known).filter((value) => !Number.isNaN(value)).length > 1;
    const ready = standardised(outliersDrawnIn(own, known), known);
    for (const [row, value] of ready.entries()) {
      result[row * features + column] = isTold || Number.isNaN(value) ? value * factor : 0;
    }
  }
  return result;
}

function indicators({ shape, data }: NdArray, axis: Axis): Pick<HostTable, 'labels' | 'classes'> {
  if (shape.length === 2) return { labels: Float64Array.from(data), classes: shape[1]! };
  const classes = (axis as { size: number }).size;
  const labels = new Float64Array(data.length * classes);
  for (const [row, label] of data.entries()) labels[row * classes + label] = 1;
  return { labels, classes };
}
