/** The equivariance gap of one output on one (sample, element) pair, and the scale it is relative to. */
import type { Field } from '../signature.ts';
import { isReal, type NdArray, type Values } from '../tensor/array.ts';

/**
 * |a - b|, the root mean square over entries; for integer outputs (categories) the share of entries that differ.
 * Not relative: divide by {@link scaleOf}. Shapes must agree.
 */
export function distance(a: NdArray, b: NdArray): number {
  const n = a.data.length;
  if (n !== b.data.length) throw new RangeError(`shapes [${a.shape}] and [${b.shape}] cannot be compared`);
  if (n === 0) return 0;
  let sum = 0;
  if (!isReal(a)) {
    for (let i = 0; i < n; i++) if (a.data[i] !== b.data[i]) sum++;
    return sum / n;
  }
  for (let i = 0; i < n; i++) {
    const difference = a.data[i]! - b.data[i]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum / n);
}

/** |(a - b) - (c - d)|: how far two computations of the same difference lie apart. Root mean square over entries. */
export function distanceOfDifferences(a: NdArray, b: NdArray, c: NdArray, d: NdArray): number {
  const n = a.data.length;
  if (n === 0) return 0;
  if (!isReal(a)) return Math.max(distance(a, c), distance(b, d));
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const difference = a.data[i]! - b.data[i]! - (c.data[i]! - d.data[i]!);
    sum += difference * difference;
  }
  return Math.sqrt(sum / n);
}

/**
 * The unit of the gaps: root mean square over all samples and entries of f(x). Positions are taken about their
 * centroid, since their size depends on where the origin is. Integer outputs have scale 1: their gap is a share.
 */
export function scaleOf(output: Field, results: readonly Values[]): number {
  let sum = 0;
  let count = 0;
  for (const result of results) {
    const array = result[output.name]!;
    if (!isReal(array)) return 1;
    const representation = output.type.representation;
    const data = representation.kind === 'position' ? centred(array.data, representation.dim) : array.data;
    for (const value of data) sum += value * value;
    count += data.length;
  }
  return count ? Math.sqrt(sum / count) : 0;
}

function centred(data: Float64Array, dim: number): Float64Array {
  const points = data.length / dim;
  const result = new Float64Array(data.length);
  for (let axis = 0; axis < dim; axis++) {
    let mean = 0;
    for (let i = axis; i < data.length; i += dim) mean += data[i]! / points;
    for (let i = axis; i < data.length; i += dim) result[i] = data[i]! - mean;
  }
  return result;
}

/** Index of the first entry that is not a finite number, or -1. */
export function firstNonFinite(array: NdArray): number {
  return isReal(array) ? array.data.findIndex((value) => !Number.isFinite(value)) : -1;
}
