/**
 * What came into a recorded pass from outside, and where from. A model prepares its inputs on the host, so the recording
 * sees arrays and not how they were made; what they are is found by their numbers, in several recordings with other inputs: an
 * array that never changes is a constant, one that always equals an input (or columns or indicators of inputs) is that.
 */
import type { Field, IndexSizes } from '../signature.ts';
import { sizeOf } from '../tensor/array.ts';
import { fitted, type Monomial, type Polynomial } from './polynomial.ts';
import type { Probe } from './probes.ts';
import type { Leaf } from './record.ts';

/** One column of an array, one entry a row. */
export type Column =
  | { readonly kind: 'column'; readonly input: string; readonly column: number; readonly width: number }
  /** 1 where the category is this one. */
  | { readonly kind: 'indicator'; readonly input: string; readonly category: number }
  /** An entry of an input that all rows share. */
  | { readonly kind: 'shared'; readonly input: string; readonly entry: number }
  | { readonly kind: 'number'; readonly value: number };

export type LeafSource =
  | { readonly kind: 'constant'; readonly leaf: Leaf }
  /** One number everywhere, in a shape that changes with the sizes. */
  | { readonly kind: 'filled'; readonly value: number }
  /** A number made of the sizes, or one over it. */
  | { readonly kind: 'size'; readonly polynomial: Polynomial; readonly inverse: boolean }
  /** Inputs, flat, one after the other. */
  | { readonly kind: 'inputs'; readonly inputs: readonly string[] }
  /** One input times a number, as the host has it in other units. */
  | { readonly kind: 'scaled'; readonly input: string; readonly factor: number }
  | { readonly kind: 'columns'; readonly columns: readonly Column[] };

/** @returns `undefined` for an array that the host computes from the inputs in a way that is not recognised */
export function sourceOf(
  leaves: readonly Leaf[],
  probes: readonly Probe[],
  inputs: readonly Field[],
  terms: readonly Monomial[],
): LeafSource | undefined {
  const [first] = leaves as [Leaf, ...Leaf[]];
  if (leaves.every((leaf) => same(leaf.shape, first.shape) && same(leaf.data, first.data))) {
    return { kind: 'constant', leaf: first };
  }
  const value = first.data[0]!;
  if (leaves.every(({ data }) => data.every((one) => one === value))) return { kind: 'filled', value };
  const sequence = common(leaves.map((leaf, t) => sequencesOf(leaf, probes[t]!, inputs)));
  if (sequence) return JSON.parse(sequence) as LeafSource;
  const scaled = scaledInput(leaves, probes, inputs);
  if (scaled) return scaled;
  const columns = columnsOf(leaves, probes, inputs);
  if (columns) return { kind: 'columns', columns };
  if (leaves.every(({ data }) => data.length === 1)) return sizeNumber(leaves, probes, terms);
  return undefined;
}

/** Rounding of a division on the host, relative. */
const hostRounding = 1e-13;

/** An input in other units: the same factor for every entry of every recording. */
function scaledInput(
  leaves: readonly Leaf[],
  probes: readonly Probe[],
  inputs: readonly Field[],
): LeafSource | undefined {
  for (const { name } of inputs) {
    const given = probes.map(({ values }) => values[name]!.data);
    const place = given[0]!.findIndex((value) => value !== 0);
    if (place < 0 || leaves.some(({ data }, t) => data.length !== given[t]!.length)) continue;
    const factor = leaves[0]!.data[place]! / given[0]![place]!;
    const fits = leaves.every(({ data }, t) =>
      data.every((value, i) => {
        const wanted = factor * given[t]![i]!;
        return Math.abs(value - wanted) <= hostRounding * Math.abs(wanted);
      }),
    );
    // A factor of many digits, 0.10000000000000002, is a short one with rounding.
    if (fits && factor !== 0) return { kind: 'scaled', input: name, factor: Number(factor.toPrecision(12)) };
  }
  return undefined;
}

function sizeNumber(
  leaves: readonly Leaf[],
  probes: readonly Probe[],
  terms: readonly Monomial[],
): LeafSource | undefined {
  const sizes: IndexSizes[] = probes.map((probe) => probe.sizes);
  const values = leaves.map(({ data }) => data[0]!);
  const plain = values.every(Number.isInteger) && fitted(values, sizes, terms);
  if (plain) return { kind: 'size', polynomial: plain, inverse: false };
  const inverses = values.map((value) => Math.round(1 / value));
  if (!values.every((value, t) => value === 1 / inverses[t]!)) return undefined;
  const inverse = fitted(inverses, sizes, terms);
  return inverse && { kind: 'size', polynomial: inverse, inverse: true };
}

/** The ways to read the array as whole inputs, flat, one after the other. */
function sequencesOf({ data }: Leaf, { values }: Probe, inputs: readonly Field[]): string[] {
  const names: string[] = [];
  let at = 0;
  while (at < data.length) {
    const next = inputs.find(({ name }) => {
      const own = values[name]!.data;
      return own.length > 0 && at + own.length <= data.length && own.every((one, i) => one === data[at + i]);
    });
    if (!next) return [];
    names.push(next.name);
    at += values[next.name]!.data.length;
  }
  return names.length > 0 ? [JSON.stringify({ kind: 'inputs', inputs: names })] : [];
}

function columnsOf(
  leaves: readonly Leaf[],
  probes: readonly Probe[],
  inputs: readonly Field[],
): Column[] | undefined {
  const width = leaves[0]!.shape.at(-1) ?? 1;
  if (width > 4096 || leaves.some(({ shape }) => (shape.at(-1) ?? 1) !== width)) return undefined;
  const columns: Column[] = [];
  for (let column = 0; column < width; column++) {
    const found = common(
      leaves.map((leaf, t) => readingsOf(columnAt(leaf, column, width), probes[t]!, inputs)),
    );
    if (found === undefined) return undefined;
    columns.push(JSON.parse(found) as Column);
  }
  return columns;
}

function columnAt({ data }: Leaf, column: number, width: number): number[] {
  return Array.from({ length: data.length / width }, (_, row) => data[row * width + column]!);
}

/** What a column may be, the likeliest first. */
function readingsOf(entries: readonly number[], { values }: Probe, inputs: readonly Field[]): string[] {
  const found: Column[] = [];
  const rows = entries.length;
  for (const { name, type } of inputs) {
    const { shape, data } = values[name]!;
    const width = data.length / rows;
    if (Number.isInteger(width)) {
      for (let column = 0; column < width; column++) {
        if (entries.every((entry, row) => entry === data[row * width + column]))
          found.push({ kind: 'column', input: name, column, width });
      }
      if (type.representation.kind === 'category' && sizeOf(shape) === rows) {
        for (let category = 0; category < type.representation.count; category++) {
          if (entries.every((entry, row) => entry === (data[row] === category ? 1 : 0)))
            found.push({ kind: 'indicator', input: name, category });
        }
      }
    }
    if (type.axes.every((axis) => !('index' in axis))) {
      data.forEach((value, entry) => {
        if (entries.every((one) => one === value)) found.push({ kind: 'shared', input: name, entry });
      });
    }
  }
  if (entries.every((entry) => entry === entries[0])) found.push({ kind: 'number', value: entries[0]! });
  return found.map((one) => JSON.stringify(one));
}

/** The first reading that every recording allows. */
function common(readings: readonly (readonly string[])[]): string | undefined {
  return readings[0]!.find((one) => readings.every((list) => list.includes(one)));
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
