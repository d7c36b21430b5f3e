/**
 * The Lie algebra of an ambient group as a list of matrices, and the elements that they generate. Every generator acts on
 * one space, of the largest dimension that the data has: the plane, space, or four-vectors. Pure.
 */
import type { AmbientFactor, AmbientSpec } from '../../group/ambient.ts';
import type { GroupElement } from '../../group/group.ts';
import { identityMatrix, multiply } from '../../group/matrix.ts';
import { goldenAngle } from '../../group/rotation.ts';
import type { FieldType } from '../../signature.ts';

export type Dimension = 2 | 3 | 4;

/** An element of the algebra: x -> linear x + translation, to first order. Row-major; lengths dim^2 and dim. */
export interface Motion {
  readonly linear: readonly number[];
  readonly translation: readonly number[];
}

export interface Generator extends Motion {
  /** "rotation about z", "stretch of x against y". */
  readonly name: string;
  /** Multiples of the generator that count as far: turns, the declared range of translations. */
  readonly reach: readonly number[];
}

export interface GeneratorList {
  readonly dim: Dimension;
  readonly generators: readonly Generator[];
}

const axes = ['x', 'y', 'z'] as const;
const turns = [goldenAngle, -0.7];
const moderate = [0.8, -0.6];
/** The second share is no rational part of the first. */
const shares = [1, (1 - Math.sqrt(5)) / 2];

/** The dimension of the space that fields of these types live in. */
export function dimensionOf(types: readonly FieldType[]): Dimension {
  const kinds = types.map(({ representation }) => representation);
  if (kinds.some(({ kind }) => kind === 'fourvector')) return 4;
  const planar = kinds.filter((one) => 'dim' in one);
  return planar.length > 0 && planar.every((one) => 'dim' in one && one.dim === 2) ? 2 : 3;
}

/**
 * The generators of all continuous factors, each direction once. Translations are measured in units of `spread`, so that
 * one unit of any generator moves the data by about its own size.
 *
 * @param dim of the data; generators of fewer dimensions leave the others alone: the plane is x and y, space is (px, py, pz)
 * @param spread root mean square distance of positions, or of four-vectors, from their mean
 */
export function generatorsOf({ factors }: AmbientSpec, dim: Dimension, spread: number): GeneratorList {
  const all = factors.flatMap((factor) => ownGenerators(factor, dim, spread));
  const generators = all.filter(({ name }, i) => all.findIndex((one) => one.name === name) === i);
  return { dim, generators };
}

function ownGenerators(factor: AmbientFactor, dim: Dimension, spread: number): Generator[] {
  switch (factor.kind) {
    case 'SO':
    case 'O':
      return rotations(factor.dim, dim);
    case 'T':
      return translations(factor.dim, dim, spread, factor.scale);
    case 'SE':
    case 'E':
      return [...rotations(factor.dim, dim), ...translations(factor.dim, dim, spread, factor.scale)];
    case 'GL':
      return general(factor.dim, dim);
    case 'affine':
      return [...general(factor.dim, dim), ...translations(factor.dim, dim, spread, factor.scale)];
    case 'Lorentz':
      return [...rotations(3, dim), ...boosts(factor.rapidity)];
    case 'Poincare':
      return [...rotations(3, dim), ...boosts(1), ...translations(4, dim, spread, factor.scale)];
    case 'scaling':
      return [linear('scaling', dim, moderate, (m) => diagonal(m, dim, (i) => (i < dim ? 1 : 0)))];
    default:
      return [];
  }
}

/** Where axis `k` of a factor of `own` dimensions is in the data's: the time of four-vectors comes first. */
function place(k: number, own: number, dim: Dimension): number {
  return dim === 4 && own < 4 ? k + 1 : k;
}

function axisName(k: number, dim: Dimension): string {
  return dim === 4 ? ['t', ...axes][k]! : axes[k]!;
}

function linear(
  name: string,
  dim: Dimension,
  reach: readonly number[],
  fill: (m: number[]) => void,
): Generator {
  const m = new Array<number>(dim * dim).fill(0);
  fill(m);
  return { name, reach, linear: m, translation: new Array<number>(dim).fill(0) };
}

function diagonal(m: number[], dim: Dimension, at: (i: number) => number): void {
  for (let i = 0; i < dim; i++) m[i * dim + i] = at(i);
}

function rotations(own: 2 | 3 | 4, dim: Dimension): Generator[] {
  const planes: readonly [name: string, a: number, b: number][] =
    own === 2 && dim === 2
      ? [['rotation', 0, 1]]
      : own === 2
        ? [['rotation about z', 0, 1]]
        : [
            ['rotation about x', 1, 2],
            ['rotation about y', 2, 0],
            ['rotation about z', 0, 1],
          ];
  return planes.map(([name, a, b]) =>
    linear(name, dim, turns, (m) => {
      const [i, j] = [place(a, 3, dim), place(b, 3, dim)];
      m[i * dim + j] = -1;
      m[j * dim + i] = 1;
    }),
  );
}

function boosts(rapidity: number): Generator[] {
  const reach = shares.map((share) => share * rapidity);
  return axes.map((axis, k) =>
    linear(`boost along ${axis}`, 4, reach, (m) => {
      m[k + 1] = 1;
      m[4 * (k + 1)] = 1;
    }),
  );
}

/** One unit is the spread of the data; far is the declared range. */
function translations(own: number, dim: Dimension, spread: number, scale: number): Generator[] {
  return Array.from({ length: own }, (_, k) => {
    const at = place(k, own, dim);
    return {
      name: `translation along ${axisName(at, dim)}`,
      reach: shares.map((share) => (share * scale) / spread),
      linear: new Array<number>(dim * dim).fill(0),
      translation: Array.from({ length: dim }, (_, i) => (i === at ? spread : 0)),
    };
  });
}

/** All of gl(own): rotations and scaling first, so that a group of them has a basis without the others. */
function general(own: Dimension, dim: Dimension): Generator[] {
  const used = Array.from({ length: own }, (_, k) => place(k, own, dim));
  const first = own === 4 ? 1 : 0;
  const symmetric = (name: string, i: number, j: number) =>
    linear(name, dim, moderate, (m) => {
      m[i * dim + j] = 1;
      m[j * dim + i] = 1;
    });
  const scaling = linear('scaling', dim, moderate, (m) =>
    diagonal(m, dim, (i) => (used.includes(i) ? 1 : 0)),
  );
  const space = used.slice(first);
  const pairs = space.flatMap((i, a) => space.slice(a + 1).map((j) => [i, j] as const));
  const shears = pairs.map(([i, j]) =>
    symmetric(`shear of ${axisName(i, dim)} and ${axisName(j, dim)}`, i, j),
  );
  const stretches = space
    .slice(1)
    .map((j) =>
      linear(`stretch of ${axisName(space[0]!, dim)} against ${axisName(j, dim)}`, dim, moderate, (m) =>
        diagonal(m, dim, (i) => (i === space[0] ? 1 : i === j ? -1 : 0)),
      ),
    );
  const time =
    own === 4
      ? [
          linear('stretch of t against space', dim, moderate, (m) =>
            diagonal(m, dim, (i) => (i === 0 ? 1 : -1 / 3)),
          ),
          ...space.map((j) =>
            linear(`turn of t into ${axisName(j, dim)}`, dim, moderate, (m) => {
              m[j] = -1;
              m[j * dim] = 1;
            }),
          ),
        ]
      : [];
  return [...rotations(own, dim), ...(own === 4 ? boosts(1) : []), scaling, ...stretches, ...shears, ...time];
}

/** The combination of generators with these shares. */
export function combined({ dim, generators }: GeneratorList, shares: readonly number[]): Motion {
  const linear = new Array<number>(dim * dim).fill(0);
  const translation = new Array<number>(dim).fill(0);
  generators.forEach((generator, k) => {
    for (let i = 0; i < linear.length; i++) linear[i]! += shares[k]! * generator.linear[i]!;
    for (let i = 0; i < dim; i++) translation[i]! += shares[k]! * generator.translation[i]!;
  });
  return { linear, translation };
}

/** exp(t X) as an element. */
export function exponential({ linear, translation }: Motion, t: number): GroupElement {
  const dim = translation.length as Dimension;
  const n = dim + 1;
  const e = matrixExponential(
    augmented({ linear, translation }).map((x) => x * t),
    n,
  );
  return {
    kind: 'affine',
    dim,
    matrix: Array.from({ length: dim * dim }, (_, i) => e[Math.floor(i / dim) * n + (i % dim)]!),
    translation: Array.from({ length: dim }, (_, i) => e[i * n + dim]!),
  };
}

/** The motion as one matrix of homogeneous coordinates, (dim + 1)^2. */
export function augmented({ linear, translation }: Motion): number[] {
  const dim = translation.length;
  return translation
    .flatMap((x, i) => [...linear.slice(i * dim, (i + 1) * dim), x])
    .concat(new Array<number>(dim + 1).fill(0));
}

/** exp(A) by scaling and squaring of the Taylor series: below norm 1/2, 18 terms reach float64's last bit. */
export function matrixExponential(a: readonly number[], n: number): number[] {
  const norm = Math.max(0, ...a.map(Math.abs)) * n;
  const squarings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const small = a.map((x) => x / 2 ** squarings);
  let sum = identityMatrix(n);
  let term = identityMatrix(n);
  for (let k = 1; k <= 18; k++) {
    term = multiply(term, small, n).map((x) => x / k);
    sum = sum.map((x, i) => x + term[i]!);
  }
  for (let k = 0; k < squarings; k++) sum = multiply(sum, sum, n);
  return sum;
}
