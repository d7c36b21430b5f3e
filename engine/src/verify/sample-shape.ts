/**
 * Can these samples tell? A cloud on a line, in a plane, or of too few points looks the same under motions that it ought
 * to tell apart, so a check on it says less than it seems to.
 */
import type { Finding } from '../fault.ts';
import { flatten } from '../group/normalise.ts';
import type { Setting } from './pairs.ts';

/** Spread across a direction, relative to the largest spread, below which it counts as none. */
const flat = 1e-4;

type Shape = 'small' | 'line' | 'plane' | 'full';

/** Findings about the data; none when at least one sample can tell. */
export function sampleFindings(setting: Setting): Finding[] {
  const dim = dimensionTurned(setting);
  if (dim === undefined) return [];
  const shapes = new Set<Shape>();
  for (const sample of setting.dataset.samples) {
    const shape = shapeOf(setting, sample.values, dim);
    if (shape === undefined || shape === 'full') return [];
    shapes.add(shape);
  }
  const least = dim + 1;
  const found = `${setting.dataset.samples.length} samples`;
  if (shapes.has('plane')) {
    return [
      {
        code: 'verify/input-planar',
        severity: 'information',
        message:
          'every sample lies in a plane: a mirror image of it is also a turned one, so what tells left from right is not tested',
        expected: 'at least one sample that extends in space',
        found,
        advice: 'Add samples with depth; small random displacements of the points will do for this purpose.',
      },
    ];
  }
  if (shapes.has('line')) {
    return [
      {
        code: 'verify/input-collinear',
        severity: 'warning',
        message:
          'every sample lies on a line: turning it about that line changes nothing, so the check cannot see what the model does there',
        expected: `samples that extend in ${dim} dimensions`,
        found,
        advice: 'Add samples whose points do not lie on a line.',
      },
    ];
  }
  return [
    {
      code: 'verify/input-too-small',
      severity: 'warning',
      message: `every sample has fewer than ${least} points: too few to tell all motions of ${dim === 3 ? 'space' : 'the plane'} apart`,
      expected: `at least ${least} points`,
      found,
      advice: `Add samples with ${least} or more points.`,
    },
  ];
}

/** The dimension that the group turns, where it turns one. Turns about z alone ask for two dimensions. */
function dimensionTurned({ group }: Setting): 2 | 3 | undefined {
  for (const factor of flatten(group.spec)) {
    switch (factor.kind) {
      case 'SO':
      case 'O':
      case 'SE':
      case 'E':
        return factor.dim;
      case 'C':
      case 'D':
        if (factor.n > 2) return 2;
        break;
    }
  }
  return undefined;
}

/**
 * How a sample extends: positions about their centroid and vectors from the origin, each in its own unit, taken
 * together. `undefined` where no input is spatial.
 */
function shapeOf(
  { bindings }: Setting,
  values: Setting['dataset']['samples'][number]['values'],
  dim: 2 | 3,
): Shape | undefined {
  const scatter = new Float64Array(dim * dim);
  let points = 0;
  let seen = false;
  for (const { field } of bindings) {
    const { representation } = field.type;
    if (
      representation.kind === 'irreps' ||
      representation.kind === 'tensor' ||
      representation.kind === 'image'
    )
      return 'full';
    if (
      representation.kind !== 'position' &&
      representation.kind !== 'vector' &&
      representation.kind !== 'pseudovector'
    )
      continue;
    seen = true;
    const width = representation.kind === 'pseudovector' ? 3 : representation.dim;
    const { data } = values[field.name]!;
    const n = data.length / width;
    points = Math.max(points, n);
    const mean = Array.from({ length: dim }, (_, k) => {
      if (representation.kind !== 'position') return 0;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += data[i * width + k]!;
      return sum / Math.max(1, n);
    });
    const own = new Float64Array(dim * dim);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < dim; a++) {
        for (let b = 0; b < dim; b++) {
          own[a * dim + b]! += (data[i * width + a]! - mean[a]!) * (data[i * width + b]! - mean[b]!);
        }
      }
    }
    let trace = 0;
    for (let a = 0; a < dim; a++) trace += own[a * dim + a]!;
    if (trace > 0) for (let k = 0; k < own.length; k++) scatter[k]! += own[k]! / trace;
  }
  if (!seen) return undefined;
  const rank = rankOf(scatter, dim);
  if (rank === dim) return 'full';
  if (points < dim + 1) return 'small';
  if (rank <= 1) return 'line';
  return 'plane';
}

/** Number of directions with a spread, by pivoted Cholesky: the matrix is positive semidefinite. */
function rankOf(matrix: Float64Array, dim: number): number {
  const a = matrix.slice();
  const free = new Set(Array.from({ length: dim }, (_, i) => i));
  let largest = 0;
  let rank = 0;
  while (free.size > 0) {
    const pivot = [...free].reduce((best, i) => (a[i * dim + i]! > a[best * dim + best]! ? i : best));
    const value = a[pivot * dim + pivot]!;
    largest = Math.max(largest, value);
    if (!(value > flat ** 2 * largest) || value <= 0) break;
    rank++;
    free.delete(pivot);
    for (const i of free) {
      for (const j of free) a[i * dim + j]! -= (a[i * dim + pivot]! * a[pivot * dim + j]!) / value;
    }
  }
  return rank;
}
