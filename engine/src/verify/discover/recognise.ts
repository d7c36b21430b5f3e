/**
 * Names for an algebra of motions: which rotations, boosts, translations it has, about which axis and through which point, and
 * what quadratic form it keeps. Pure.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { numberText, vectorText } from '../../group/words.ts';
import type { Motion } from './generators.ts';
import { distanceFromSpan, kernel } from './null-space.ts';
import { keptForm } from './structure.ts';

export interface Recognised {
  /** "se(3)", "so(2) about z + scaling", "none". */
  readonly name: string;
  /** Rotations about the origin that are all there: 'space', 'z' for those about z (or of the plane), or none. */
  readonly rotations: 'space' | 'z' | 'none';
  /** Translations that are all there: of space, of the plane x and y, or none. */
  readonly translations: 2 | 3 | 0;
  readonly lorentz: boolean;
}

/**
 * @param basis motions that span the algebra, closed under the bracket
 * @param noise angle up to which directions count as the same
 * @param unit length of one natural unit of translation, to weigh translations against rotations
 */
export function recognise(basis: readonly Motion[], dim: 2 | 3 | 4, noise: number, unit: number): Recognised {
  if (basis.length === 0) return { name: 'none', rotations: 'none', translations: 0, lorentz: false };
  const moved = translationsOf(basis, dim, noise, unit);
  const linear = linearPart(basis, dim, noise);
  const isometries = skewPart(linear, dim, noise);
  const scaling = contains(linear, identityOf(dim), noise);
  const full = (dim * (dim - 1)) / 2;
  const parts: string[] = [];
  const about = aboutText(basis, isometries, dim, noise, unit, moved.length);
  const whole = linear.length === dim * dim;
  if (whole) parts.push(`gl(${dim})`);
  else if (isometries.length === full) parts.push(dim === 4 ? 'so(1,3)' : `so(${dim})${about}`);
  else if (dim === 4 && isometries.length === 3) parts.push(littleGroup(isometries, noise));
  else if (isometries.length === 1) parts.push(oneText(isometries[0]!, about, dim, noise));
  else if (isometries.length > 1) parts.push(`${isometries.length} rotations and boosts`);
  if (!whole && scaling) parts.push('scaling');
  const rest = whole ? 0 : linear.length - isometries.length - (scaling ? 1 : 0);
  const form = whole || isometries.length === full ? undefined : keptForm(linear, dim, noise);
  // All of the linear part keeps the form: rotations that also keep lengths are in it.
  if (rest > 0 && form)
    parts.splice(0, parts.length, `so(${form.signature}) of the quadratic form ${form.text}`);
  else if (rest > 0) parts.push(`${rest} other linear map${rest > 1 ? 's' : ''}`);
  if (moved.length > 0) parts.push(movedText(moved, dim, noise));
  const merged = merge(parts, dim);
  const atOrigin = about === '';
  const z = dim === 2 || isometries.some((m) => isAboutZ(m, dim, noise));
  return {
    name: merged.join(' + '),
    rotations:
      !atOrigin || dim === 4
        ? rotations4(isometries, dim, noise)
        : isometries.length === full && dim === 3
          ? 'space'
          : isometries.length > 0 && z
            ? 'z'
            : 'none',
    translations: dim === 4 ? 0 : moved.length === dim ? dim : planar(moved, dim, noise) ? 2 : 0,
    lorentz: dim === 4 && isometries.length === full,
  };
}

/** Within four-vectors rotations are spatial, and there is no origin to miss. */
function rotations4(
  isometries: readonly (readonly number[])[],
  dim: number,
  noise: number,
): Recognised['rotations'] {
  if (dim !== 4) return 'none';
  const spatial = isometries.filter((m) => isSpatial(m, noise));
  if (spatial.length >= 3) return 'space';
  return spatial.some((m) => isAboutZ(m, 4, noise)) ? 'z' : 'none';
}

/** Three rotations and boosts that leave one four-vector alone, named by what kind of vector that is. */
function littleGroup(isometries: readonly (readonly number[])[], noise: number): string {
  const rows = isometries.flatMap((m) => [0, 1, 2, 3].map((i) => m.slice(4 * i, 4 * i + 4)));
  const fixed = kernel(rows, 4, noise);
  if (fixed.length !== 1) return '3 rotations and boosts';
  const [t, ...space] = fixed[0]! as [number, number, number, number];
  const mass = t ** 2 - Math.hypot(...space) ** 2;
  if (mass > noise) return Math.hypot(...space) <= noise ? 'so(3)' : 'so(3) of a moving frame';
  if (mass < -noise)
    return Math.abs(t) <= noise ? `so(1,2) normal to ${directionText(space, 3, noise)}` : 'so(1,2)';
  return 'e(2) of a light ray';
}

/** Translation vectors of the motions without a linear part. */
function translationsOf(basis: readonly Motion[], dim: number, noise: number, unit: number): number[][] {
  // Combinations of the basis whose linear parts cancel.
  const rows = Array.from({ length: dim * dim }, (_, i) => basis.map(({ linear }) => linear[i]!));
  const combinations = kernel(rows, basis.length, noise);
  return combinations
    .map((shares) =>
      Array.from({ length: dim }, (_, i) =>
        shares.reduce((sum, share, k) => sum + (share * basis[k]!.translation[i]!) / unit, 0),
      ),
    )
    .filter((vector) => Math.hypot(...vector) > noise);
}

/** Independent linear parts. */
function linearPart(basis: readonly Motion[], dim: number, noise: number): number[][] {
  const found: number[][] = [];
  for (const { linear } of basis) {
    const size = Math.hypot(...linear);
    if (size <= noise) continue;
    if (distanceFromSpan(linear, found) > noise) found.push(linear.map((x) => (x * Math.sqrt(dim)) / size));
  }
  return found;
}

/** What of the linear parts keeps lengths, or the metric (+,-,-,-) of four-vectors. */
function skewPart(linear: readonly (readonly number[])[], dim: number, noise: number): number[][] {
  if (linear.length === 0) return [];
  const sign = (i: number) => (dim === 4 && i > 0 ? -1 : 1);
  const rows: number[][] = [];
  for (let i = 0; i < dim; i++) {
    for (let j = i; j < dim; j++) {
      rows.push(linear.map((m) => sign(i) * m[i * dim + j]! + sign(j) * m[j * dim + i]!));
    }
  }
  return kernel(rows, linear.length, noise).map((shares) =>
    linear[0]!.map((_, i) => shares.reduce((sum, share, k) => sum + share * linear[k]![i]!, 0)),
  );
}

function contains(span: readonly (readonly number[])[], vector: readonly number[], noise: number): boolean {
  return distanceFromSpan(vector, span) <= noise;
}

function identityOf(dim: number): number[] {
  return Array.from({ length: dim * dim }, (_, i) => (i % (dim + 1) === 0 ? 1 : 0));
}

/** The axis of a spatial rotation, not normalised; the rotation of the plane is about z. */
function axisOf(m: readonly number[], dim: number): [number, number, number] {
  if (dim === 2) return [0, 0, m[2]!];
  const at = (i: number, j: number) => m[(i + dim - 3) * dim + j + dim - 3]!;
  return [at(2, 1), at(0, 2), at(1, 0)];
}

function isSpatial(m: readonly number[], noise: number): boolean {
  return Math.hypot(...m.slice(0, 4), m[4]!, m[8]!, m[12]!) <= noise * Math.hypot(...m);
}

function isAboutZ(m: readonly number[], dim: number, noise: number): boolean {
  const [x, y, z] = axisOf(m, dim);
  return Math.hypot(x, y) <= noise * Math.abs(z) && (dim !== 4 || isSpatial(m, noise));
}

function directionText(vector: readonly number[], dim: number, noise: number): string {
  const length = Math.hypot(...vector);
  const unit = vector.map((x) => x / length);
  const names = dim === 4 ? ['t', 'x', 'y', 'z'] : ['x', 'y', 'z'];
  const single = unit.findIndex((x) => Math.abs(x) >= 1 - noise - 1e-9);
  if (single >= 0) return names[single]!;
  const first = unit.find((x) => Math.abs(x) > 0.005) ?? 1;
  return vectorText(first < 0 ? unit.map((x) => -x) : unit, 2);
}

function oneText(m: readonly number[], about: string, dim: number, noise: number): string {
  if (dim === 2) return `so(2)${about}`;
  if (dim === 3) return `so(2) about ${directionText(axisOf(m, 3), 3, noise)}${about}`;
  if (isSpatial(m, noise)) return `so(2) about ${directionText(axisOf(m, 4), 3, noise)}`;
  const boost = [m[4]!, m[8]!, m[12]!];
  const turn = axisOf(m, 4);
  if (Math.hypot(...turn) <= noise * Math.hypot(...boost))
    return `so(1,1) along ${directionText(boost, 3, noise)}`;
  return 'one rotation with a boost';
}

/**
 * The fixed point of rotations that are not about the origin: " through (1, 0, 0)". A point on the axis nearest to the origin;
 * `moved` counts translations, along which no point is fixed.
 */
function aboutText(
  basis: readonly Motion[],
  isometries: readonly (readonly number[])[],
  dim: number,
  noise: number,
  unit: number,
  moved: number,
): string {
  if (dim === 4 || isometries.length === 0 || moved >= dim) return '';
  // The motion with each isometry as its linear part; its translation is what the centre solves.
  const rows = Array.from({ length: dim * dim }, (_, i) => basis.map(({ linear }) => linear[i]!));
  const equations: { readonly row: number[]; readonly value: number }[] = [];
  for (const target of isometries) {
    const shares = solveFor(rows, target);
    const translation = Array.from({ length: dim }, (_, i) =>
      shares.reduce((sum, share, k) => sum + share * basis[k]!.translation[i]!, 0),
    );
    for (let i = 0; i < dim; i++) {
      equations.push({ row: target.slice(i * dim, (i + 1) * dim), value: -translation[i]! });
    }
  }
  const centre = solveFor(
    equations.map(({ row }) => row),
    equations.map(({ value }) => value),
  );
  return Math.hypot(...centre) <= Math.max(noise, 1e-6) * unit ? '' : ` through ${vectorText(centre)}`;
}

function movedText(moved: readonly (readonly number[])[], dim: number, noise: number): string {
  if (moved.length === dim) return `t(${dim})`;
  if (moved.length === 1) return `translations along ${directionText(moved[0]!, dim, noise)}`;
  if (dim === 3) return `translations normal to ${directionText(cross(moved[0]!, moved[1]!), 3, noise)}`;
  return `${moved.length} translations`;
}

function planar(moved: readonly (readonly number[])[], dim: number, noise: number): boolean {
  if (dim !== 3 || moved.length !== 2) return false;
  const [x, y, z] = cross(moved[0]!, moved[1]!);
  return Math.hypot(x, y) <= noise * Math.abs(z);
}

function cross(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
}

function merge(parts: readonly string[], dim: number): string[] {
  const [rotation, translation] = [dim === 4 ? 'so(1,3)' : `so(${dim})`, `t(${dim})`];
  if (parts.includes(`gl(${dim})`) && parts.includes(translation)) {
    return [`affine(${dim})`, ...parts.filter((part) => part !== `gl(${dim})` && part !== translation)];
  }
  if (!parts.includes(rotation) || !parts.includes(translation)) return [...parts];
  const joint = dim === 4 ? 'poincare' : `se(${dim})`;
  return [joint, ...parts.filter((part) => part !== rotation && part !== translation)];
}

/** One motion in words. */
export function motionText(
  motion: Motion,
  coefficients: Readonly<Record<string, number>>,
  dim: 2 | 3 | 4,
  noise: number,
  unit: number,
): string {
  const names = Object.keys(coefficients);
  if (names.length === 1) return names[0]!;
  const skew = skewPart([motion.linear], dim, noise);
  const still = Math.hypot(...motion.linear) <= noise;
  if (still) return `translation along ${directionText(motion.translation, dim, noise)}`;
  if (skew.length === 1 && dim < 4) {
    const axis = axisOf(motion.linear, dim);
    const size = Math.hypot(...axis);
    const about = dim === 2 ? '' : ` about ${directionText(axis, 3, noise)}`;
    const along = dim === 2 ? 0 : axis.reduce((sum, x, i) => sum + (x * motion.translation[i]!) / size, 0);
    if (Math.abs(along) > noise * unit) {
      return `screw${about}, ${numberText((2 * Math.PI * along) / size)} a turn`;
    }
    return `rotation${about}${aboutText([motion], [motion.linear], dim, noise, unit, 0)}`;
  }
  if (names.length > 4) return `a combination of ${names.length} directions`;
  return names
    .map((name, i) => {
      const share = coefficients[name]!;
      const size = Math.abs(share) === 1 ? '' : `${numberText(Math.abs(share))} `;
      return i === 0 ? `${share < 0 ? '-' : ''}${size}${name}` : `${share < 0 ? '-' : '+'} ${size}${name}`;
    })
    .join(' ');
}

/** The least-squares solution of the smallest length. @param rows of the matrix */
function solveFor(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const svd = new SingularValueDecomposition(new Matrix(rows as number[][]), { autoTranspose: true });
  return svd.solve(Matrix.columnVector([...values])).to1DArray();
}
