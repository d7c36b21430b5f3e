/**
 * Datasets from files of whole arrays (npy, npz, safetensors, csv). An array with one axis more than declared has a
 * leading axis of samples; one with the declared axes belongs to every sample, or is the only sample where all are so.
 */
import { basename } from 'node:path';
import { Fault, type Place } from '../fault.ts';
import type { NdArray, TextArray } from '../tensor/array.ts';
import { sizeOf } from '../tensor/array.ts';
import {
  type ArrayFile,
  headerText,
  isText,
  type StoredArray,
  unsupportedType,
  valueKind,
} from './array-file.ts';
import { bindValue, type Codes, checkKind, codesOf } from './bind.ts';
import type { DataField, DataSpec, Dataset, Sample } from './dataset.ts';
import type { Budget } from './limits.ts';
import { cutPadding } from './padding.ts';
import { checkWindow } from './samples.ts';
import { checkShape, declaredRank, sizeTable, wrongRank } from './shapes.ts';
import { missingArray } from './suggest.ts';

/** A field, or the counts of an index set, with its array. */
interface Bound {
  readonly field: DataField;
  readonly array: StoredArray;
  /** True where the array has a leading axis of samples. */
  readonly stacked: boolean;
  readonly place: Place;
}

/** Loads the samples of a specification. Every check that headers allow comes before any value is read. */
export async function loadArrays(spec: DataSpec, file: ArrayFile, budget: Budget): Promise<Dataset> {
  const fields = spec.fields.map((field) => bindField(field, spec, file));
  const counts = Object.entries(spec.sizes).map(([index, source]) => bindCounts(index, source, spec, file));
  const padded = new Set(Object.keys(spec.sizes));
  const table = sizeTable(undefined, padded);
  for (const { field, array, stacked, place } of fields) {
    const shape = stacked ? array.shape.slice(1) : array.shape;
    checkShape(field, shape, headerText(array), place);
    table.add(field, shape, place);
  }
  const available = sampleCount([...fields, ...counts]);
  const window = checkWindow(spec, available);

  const blocks = new Map<Bound, Block>();
  for (const bound of [...fields, ...counts]) {
    blocks.set(bound, await readBlock(bound, window, file));
  }
  const one = !fields.some(({ stacked }) => stacked) && available === 1;
  const constants = new Map<Bound, NdArray>();
  const samples: Sample[] = [];
  for (let i = 0; i < window.count; i++) {
    const id = one ? basename(spec.file) : `${basename(spec.file)}[${window.start + i}]`;
    const real: Record<string, number> = {};
    for (const [j, bound] of counts.entries()) {
      real[Object.keys(spec.sizes)[j]!] = (entry(bound, blocks.get(bound)!, i) as NdArray).data[0]!;
    }
    const agreed = sizeTable(id);
    const values: Record<string, NdArray> = {};
    for (const bound of fields) {
      const { field, place } = bound;
      // What belongs to every sample is bound once and shared, unless it is cut differently for each.
      const shared = bound.stacked || padded.size > 0 ? undefined : constants.get(bound);
      const { codes } = blocks.get(bound)!;
      const raw = () => cutPadding(field, entry(bound, blocks.get(bound)!, i), real, id, place);
      const value = shared ?? bindValue(field, raw(), codes, id, budget, place);
      if (!bound.stacked) constants.set(bound, value);
      agreed.add(field, value.shape, place);
      values[field.name] = value;
    }
    samples.push({ id, values, sizes: agreed.sizes });
  }
  return { fields: spec.fields, samples, available };
}

function bindField(field: DataField, spec: DataSpec, file: ArrayFile): Bound {
  const name = field.source ?? field.name;
  const { arrays } = file;
  // A file of one array and a declaration of one field can only mean each other.
  const only =
    arrays.length === 1 && spec.fields.length === 1 && field.source === undefined ? arrays[0] : undefined;
  const array = file.find(name) ?? only;
  if (!array) {
    const described = arrays.map((stored) => ({ name: stored.name, described: headerText(stored) }));
    throw missingArray(spec.file, { field: field.name, name }, described);
  }
  const place = { file: spec.file, member: array.name };
  const kind = valueKind(array.dtype);
  if (!kind) throw unsupportedType(array.dtype, place);
  checkKind(field, kind, headerText(array), place);
  const extra = array.shape.length - declaredRank(field.type);
  if (extra !== 0 && extra !== 1) throw wrongRank(field, headerText(array), place);
  return { field, array, stacked: extra === 1, place };
}

function bindCounts(index: string, source: string, spec: DataSpec, file: ArrayFile): Bound {
  const used = spec.fields.some(({ type }) =>
    type.axes.some((axis) => 'index' in axis && axis.index === index),
  );
  if (!used) {
    throw new Fault({
      code: 'data/unknown-index',
      message: `sizes gives counts for ${index}, but no field of the data has an axis ${index}`,
      place: { file: spec.file, member: source },
      advice: 'Use the name that stands in brackets at the fields.',
    });
  }
  const field: DataField = { name: source, type: { representation: { kind: 'scalar' }, axes: [] } };
  return bindField(field, spec, file);
}

/** The common length of all axes of samples; 1 where there is none. */
function sampleCount(bound: readonly Bound[]): number {
  const [first, ...rest] = bound.filter(({ stacked }) => stacked);
  if (!first) return 1;
  const [count] = first.array.shape as [number];
  for (const { field, array, place } of rest) {
    if (array.shape[0] === count) continue;
    throw new Fault({
      code: 'data/samples-mismatch',
      message: `"${first.field.name}" has ${count} samples, "${field.name}" has ${array.shape[0]}`,
      expected: `${count} samples, as in "${first.field.name}" (${headerText(first.array)})`,
      found: headerText(array),
      place,
      advice: 'The first axis counts samples: it must be equally long in all arrays that have it.',
    });
  }
  return count;
}

interface Block {
  readonly values: NdArray | TextArray;
  readonly codes: Codes | undefined;
}

async function readBlock(
  { field, array, stacked, place }: Bound,
  window: { start: number; count: number },
  file: ArrayFile,
): Promise<Block> {
  const values = await file.read(array, stacked ? window : undefined);
  const codes = isText(values) ? codesOf(field, await file.vocabulary(array), place) : undefined;
  return { values, codes };
}

/** Sample i of a block, as a view where it can be one. */
function entry({ stacked }: Bound, { values }: Block, i: number): NdArray | TextArray {
  if (!stacked) return values;
  const shape = values.shape.slice(1);
  const size = sizeOf(shape);
  return isText(values)
    ? { shape, text: values.text.slice(i * size, (i + 1) * size) }
    : { shape, data: values.data.subarray(i * size, (i + 1) * size) };
}
