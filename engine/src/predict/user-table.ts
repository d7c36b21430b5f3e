/** A user's table as a classification task: which column is asked for, and numbers for all others. */
import { readCsv } from '../data/csv.ts';
import { Fault } from '../fault.ts';
import type { NdArray, TextArray } from '../tensor/array.ts';

/** Features that the networks have weights for. */
const mostFeatures = 100;

export interface UserTable {
  readonly file: string;
  readonly target: string;
  readonly features: readonly Feature[];
  /** By number, sorted: as numbers where all are numbers. */
  readonly classes: readonly string[];
  /** [rows]; -1 where the target is missing: a row that only wants a prediction. */
  readonly labels: Int32Array;
}

export interface Feature {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** [rows]; categories are numbers in the order of their sorted names, NaN is missing. */
  readonly values: Float64Array;
}

/**
 * @throws Fault `data/…` for a file that cannot be read; `predict/no-such-column`, `predict/target-not-classes`,
 * `predict/one-class`, `predict/no-features`, `predict/too-many-features`
 */
export function readUserTable(file: string, target: string): UserTable {
  const columns = readCsv(file);
  const wanted = columns.get(target);
  if (!wanted) throw noSuchColumn(file, target, [...columns.keys()]);
  const cells = cellsOf(wanted);
  if ('data' in wanted && wanted.data.some((value) => !Number.isNaN(value) && !Number.isInteger(value))) {
    throw new Fault({
      code: 'predict/target-not-classes',
      message: `column "${target}" holds numbers with fractions: it is no column of classes`,
      expected: 'text or whole numbers',
      found: cells.find((cell) => cell.includes('.')) ?? '',
      place: { file, member: target },
      advice: 'Choose another target, or put the numbers into classes first, such as low and high.',
    });
  }
  const classes = sorted(cells.filter((cell) => cell !== ''));
  if (classes.length < 2) {
    throw new Fault({
      code: 'predict/one-class',
      message: `column "${target}" has ${classes.length === 1 ? `one class only, "${classes[0]}"` : 'no values'}`,
      expected: 'at least two classes',
      found: String(classes.length),
      place: { file, member: target },
      advice: 'Choose the column that holds the classes as the target.',
    });
  }
  const number = new Map(classes.map((name, i) => [name, i]));
  const features = [...columns]
    .filter(([name]) => name !== target)
    .map(([name, column]) => feature(name, column));
  checkCount(file, features.length);
  return {
    file,
    target,
    features,
    classes,
    labels: Int32Array.from(cells, (cell) => number.get(cell) ?? -1),
  };
}

function feature(name: string, column: NdArray | TextArray): Feature {
  if ('data' in column) return { name, kind: 'number', values: Float64Array.from(column.data) };
  const names = sorted(column.text.filter((cell) => cell !== ''));
  const number = new Map(names.map((cell, i) => [cell, i]));
  const values = Float64Array.from(column.text, (cell) => number.get(cell) ?? Number.NaN);
  return { name, kind: 'category', values };
}

function cellsOf(column: NdArray | TextArray): string[] {
  if ('text' in column) return [...column.text];
  return Array.from(column.data, (value) => (Number.isNaN(value) ? '' : String(value)));
}

function sorted(cells: readonly string[]): string[] {
  const distinct = [...new Set(cells)];
  const areNumbers = distinct.every((cell) => Number.isFinite(Number(cell)));
  return distinct.sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

function checkCount(file: string, count: number): void {
  if (count === 0) {
    throw new Fault({
      code: 'predict/no-features',
      message: 'the table has no column beside the target',
      expected: '1 to 100 other columns',
      found: '0',
      place: { file },
      advice: 'Add the columns that the target is to be told from.',
    });
  }
  if (count <= mostFeatures) return;
  throw new Fault({
    code: 'predict/too-many-features',
    message: `the table has ${count} columns beside the target, the network has weights for ${mostFeatures}`,
    expected: `at most ${mostFeatures}`,
    found: String(count),
    place: { file },
    advice: 'Leave out columns that say little, or put several into one, as the first principal components.',
  });
}

function noSuchColumn(file: string, target: string, names: readonly string[]): Fault {
  return new Fault({
    code: 'predict/no-such-column',
    message: `the table has no column "${target}"`,
    expected: names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : ''),
    found: target,
    place: { file },
    advice: 'Name the column of the classes with --target.',
  });
}
