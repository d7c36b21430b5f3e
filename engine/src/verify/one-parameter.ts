/**
 * The directions of a group: a one-parameter subgroup exp(t X) for each axis that it turns about, moves or boosts along,
 * and the generators of its finite parts. Pure.
 */
import type { Group, GroupElement, GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import { identityMatrix } from '../group/matrix.ts';
import { flatten } from '../group/normalise.ts';
import { axisRotation, goldenAngle, planeRotation } from '../group/rotation.ts';
import type { IndexSizes } from '../signature.ts';
import type { DirectionUnit } from './verification.ts';

export interface Direction {
  /** "rotation about z", "translation along x", "swap in point". */
  readonly name: string;
  /** What t counts; without it the direction is one element and no line. */
  readonly unit?: DirectionUnit;
  /** Values of t that are worth trying, in the unit; none for a single element. */
  readonly reach: readonly number[];
  /** The size of one step that still counts as large, for derivatives. */
  readonly natural: number;
  /** exp(t X), everything else at rest; `undefined` where the sample is too small to have it. */
  at(t: number, sizes: IndexSizes): GroupElement | undefined;
}

type Factor = Exclude<GroupSpec, { kind: 'product' }>;
type Own = Omit<Direction, 'at'> & { at(t: number, sizes: IndexSizes): GroupElement | undefined };

const axes = ['x', 'y', 'z'] as const;

/** All directions of a group in normal form, in the order of its factors. */
export function directionsOf(group: Group): Direction[] {
  const factors = flatten(group.spec);
  return factors.flatMap((factor, at) =>
    ownDirections(factor).map((direction) => ({
      ...direction,
      at: (t, sizes) => {
        const own = direction.at(t, sizes);
        return own && placed(group, own, at, sizes);
      },
    })),
  );
}

/** The names of a group's directions, as the table of a violated check has them. */
export function directionNames(spec: GroupSpec): string[] {
  return flatten(spec).flatMap((factor) => ownDirections(factor).map(({ name }) => name));
}

/** The element of one factor as one of the whole group. */
function placed(group: Group, own: GroupElement, at: number, sizes: IndexSizes): GroupElement {
  const rest = group.identity(sizes);
  return rest.kind === 'product' ? { kind: 'product', factors: rest.factors.with(at, own) } : own;
}

function ownDirections(factor: Factor): Own[] {
  switch (factor.kind) {
    case 'trivial':
      return [];
    case 'T':
      return translations(factor.dim, factor.scale);
    case 'SO':
      return rotations(factor.dim);
    case 'O':
      return [...rotations(factor.dim), mirror(factor.dim)];
    case 'SE':
      return [...rotations(factor.dim), ...translations(factor.dim, factor.scale)];
    case 'E':
      return [...rotations(factor.dim), mirror(factor.dim), ...translations(factor.dim, factor.scale)];
    case 'Lorentz':
      return [...lorentzRotations(), ...boosts(factor.rapidity)];
    case 'S':
      return generators(factor, [`swap of two in ${factor.index}`, `cycle through ${factor.index}`]);
    case 'Z2':
      return generators(factor, [factor.index === undefined ? 'inversion' : `one sign of ${factor.index}`]);
    case 'C':
      return generators(factor, [`turn by ${Number((360 / factor.n).toFixed(2))} degrees`]);
    case 'D':
      return generators(factor, [`turn by ${Number((360 / factor.n).toFixed(2))} degrees`, 'mirror along x']);
    case 'shift':
      return generators(factor, [`shift by one along ${factor.index}`]);
  }
}

/** A golden and a smaller angle: no part of a turn, so that no symmetry of a sample hides them. */
const angles = [goldenAngle, -0.7];
const shares = [1, (1 - Math.sqrt(5)) / 2];

function euclidean(dim: 2 | 3, matrix: readonly number[], translation: readonly number[]): GroupElement {
  return { kind: 'euclidean', dim, matrix, translation };
}

function rotations(dim: 2 | 3): Own[] {
  const still = new Array<number>(dim).fill(0);
  const turn = { unit: 'radian', reach: angles, natural: 1 } as const;
  if (dim === 2) return [{ ...turn, name: 'rotation', at: (t) => euclidean(2, planeRotation(t), still) }];
  return axes.map((axis, k) => ({
    ...turn,
    name: `rotation about ${axis}`,
    at: (t) => euclidean(3, axisRotation(unit(k), t), still),
  }));
}

function translations(dim: 2 | 3, scale: number): Own[] {
  return axes.slice(0, dim).map((axis, k) => ({
    name: `translation along ${axis}`,
    unit: 'length' as const,
    reach: shares.map((share) => share * scale),
    natural: scale,
    at: (t) =>
      euclidean(
        dim,
        identityMatrix(dim),
        unit(k)
          .slice(0, dim)
          .map((x) => x * t),
      ),
  }));
}

function mirror(dim: 2 | 3): Own {
  const matrix = identityMatrix(dim);
  matrix[0] = -1;
  return {
    name: 'mirror along x',
    reach: [],
    natural: 1,
    at: () => euclidean(dim, matrix, new Array<number>(dim).fill(0)),
  };
}

function lorentzRotations(): Own[] {
  return axes.map((axis, k) => ({
    name: `rotation about ${axis}`,
    unit: 'radian' as const,
    reach: angles,
    natural: 1,
    at: (t) => {
      const r = axisRotation(unit(k), t);
      const matrix = identityMatrix(4);
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) matrix[4 * (i + 1) + j + 1] = r[3 * i + j]!;
      return { kind: 'lorentz', matrix };
    },
  }));
}

function boosts(rapidity: number): Own[] {
  return axes.map((axis, k) => ({
    name: `boost along ${axis}`,
    unit: 'rapidity' as const,
    reach: shares.map((share) => share * rapidity),
    natural: Math.min(1, rapidity),
    at: (t) => {
      const matrix = identityMatrix(4);
      matrix[0] = matrix[5 * (k + 1)] = Math.cosh(t);
      matrix[k + 1] = matrix[4 * (k + 1)] = Math.sinh(t);
      return { kind: 'lorentz', matrix };
    },
  }));
}

function generators(factor: Factor, names: readonly string[]): Own[] {
  const group = createGroup(factor);
  return names.map((name, k) => ({
    name,
    reach: [],
    natural: 1,
    at: (_, sizes) => group.generators(sizes)[k],
  }));
}

function unit(k: number): number[] {
  return [0, 1, 2].map((i) => (i === k ? 1 : 0));
}
