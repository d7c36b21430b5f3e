/** The points and arrows of an input, as frames see them: centred, and each field in its own unit. */
import type { Field } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';

/** Inputs that a frame can be read off. */
export function spatialFields(fields: readonly Field[], dim: 2 | 3): Field[] {
  return fields.filter(({ type: { representation } }) => {
    switch (representation.kind) {
      case 'position':
      case 'vector':
        return representation.dim >= dim;
      case 'pseudovector':
      case 'fourvector':
        return true;
      default:
        return false;
    }
  });
}

export interface Cloud {
  /** Mean of all positions; zero without any. */
  readonly centre: readonly number[];
  /** Second moments, row-major, dim x dim: each field's over its own trace, added up. */
  readonly scatter: readonly number[];
  /** Third moments along a direction, relative to those of the lengths, in -1..1: which end is the heavier one. */
  skewness(axis: readonly number[]): number;
}

/** @param centred whether positions count from their centre, or from the origin. */
export function cloudOf(values: Values, fields: readonly Field[], dim: 2 | 3, centred: boolean): Cloud {
  const parts = fields.map(({ name, type: { representation } }) => {
    const { data } = values[name]!;
    const isPosition = representation.kind === 'position';
    // Energy comes first in a four-vector; a map of the plane acts on the first two coordinates in space.
    const skip = representation.kind === 'fourvector' ? 1 : 0;
    const width = representation.kind === 'fourvector' ? 4 : 'dim' in representation ? representation.dim : 3;
    // What a mirror turns the other way round has a scatter, but no end that is the heavier one.
    return { data, isPosition, skip, width, polar: representation.kind !== 'pseudovector' };
  });
  const centre = new Array<number>(dim).fill(0);
  if (centred) {
    let count = 0;
    for (const { data, isPosition, width } of parts) {
      if (!isPosition) continue;
      count += data.length / width;
      for (let at = 0; at < data.length; at += width)
        for (let k = 0; k < dim; k++) centre[k]! += data[at + k]!;
    }
    for (let k = 0; k < dim; k++) centre[k]! /= Math.max(1, count);
  }
  const rows = parts.map(({ data, isPosition, skip, width, polar }) => {
    const own: number[][] = [];
    for (let at = 0; at < data.length; at += width) {
      own.push(centre.map((c, k) => data[at + skip + k]! - (isPosition ? c : 0)));
    }
    return { own, polar };
  });
  const scatter = new Array<number>(dim * dim).fill(0);
  for (const { own } of rows) {
    const moments = new Array<number>(dim * dim).fill(0);
    for (const row of own) {
      for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) moments[i * dim + j]! += row[i]! * row[j]!;
    }
    const trace = centre.reduce((sum, _, k) => sum + moments[k * (dim + 1)]!, 0);
    if (trace > 0)
      moments.forEach((moment, k) => {
        scatter[k]! += moment / trace;
      });
  }
  return {
    centre,
    scatter,
    skewness(axis) {
      let total = 0;
      let polarFields = 0;
      for (const { own, polar } of rows) {
        let sum = 0;
        let size = 0;
        if (!polar) continue;
        for (const row of own) {
          sum += row.reduce((dot, x, k) => dot + x * axis[k]!, 0) ** 3;
          size += Math.hypot(...row) ** 3;
        }
        if (size === 0) continue;
        polarFields++;
        total += sum / size;
      }
      return total / Math.max(1, polarFields);
    },
  };
}
