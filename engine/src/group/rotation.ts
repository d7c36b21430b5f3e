/** Rotations of the plane and of space: how they are drawn, built and named. */
import type { Random } from '../tensor/random.ts';
import { determinant, type Matrix, orthogonalise } from './matrix.ts';
import { degreesText, vectorText } from './words.ts';

/** The golden angle in radians. It is no rational part of a turn, so its multiples are dense in the circle. */
export const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/** Rotation of the plane by an angle in radians, counterclockwise: 2 x 2. */
export function planeRotation(angle: number): number[] {
  return orthogonalise([Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)], 2);
}

/**
 * Rotation of the plane by turns/n of a full turn: 2 x 2. Quarter turns are exact integers, and the angle that is
 * left goes through the cosine only below 45 degrees, where it is most exact.
 */
export function turnMatrix(turns: number, n: number): number[] {
  const quarters = Math.round((4 * turns) / n);
  const rest = ((4 * turns - quarters * n) / n) * (Math.PI / 2);
  const c = Math.cos(rest);
  const s = Math.sin(rest);
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [c, -s + 0, s, c];
    case 1:
      return [-s + 0, -c, c, -s + 0];
    case 2:
      return [-c, s, -s + 0, -c];
    default:
      return [s, c, -c, s];
  }
}

/** Rotation about a unit axis by an angle in radians (Rodrigues' formula): 3 x 3. */
export function axisRotation(axis: readonly number[], angle: number): number[] {
  const [x, y, z] = axis as [number, number, number];
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const v = 1 - c;
  return orthogonalise(
    [
      c + x * x * v,
      x * y * v - z * s,
      x * z * v + y * s,
      y * x * v + z * s,
      c + y * y * v,
      y * z * v - x * s,
      z * x * v - y * s,
      z * y * v + x * s,
      c + z * z * v,
    ],
    3,
  );
}

/** A Haar rotation of the plane or of space. In space: a uniform unit quaternion from four normal numbers. */
export function randomRotation(random: Random, dim: 2 | 3): number[] {
  if (dim === 2) return planeRotation(2 * Math.PI * random.uniform());
  let [a, b, c, d] = [random.normal(), random.normal(), random.normal(), random.normal()];
  const norm = Math.hypot(a, b, c, d);
  [a, b, c, d] = [a / norm, b / norm, c / norm, d / norm];
  return orthogonalise(
    [
      a * a + b * b - c * c - d * d,
      2 * (b * c - a * d),
      2 * (b * d + a * c),
      2 * (b * c + a * d),
      a * a - b * b + c * c - d * d,
      2 * (c * d - a * b),
      2 * (b * d - a * c),
      2 * (c * d + a * b),
      a * a - b * b - c * c + d * d,
    ],
    3,
  );
}

/** A uniform direction in space. */
export function randomDirection(random: Random): number[] {
  const v = [random.normal(), random.normal(), random.normal()];
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
}

/** Axis (unit) and angle (radians, 0 to pi) of a rotation of space; exact in form for small and for half turns. */
export function axisAngle(r: Matrix): { axis: number[]; angle: number } {
  // The antisymmetric part is sin(angle) times the axis: good for small angles, useless near half turns.
  const a = [(r[7]! - r[5]!) / 2, (r[2]! - r[6]!) / 2, (r[3]! - r[1]!) / 2];
  const sine = Math.hypot(...a);
  const cosine = (r[0]! + r[4]! + r[8]! - 1) / 2;
  const angle = Math.atan2(sine, cosine);
  if (cosine > -0.5) return { axis: sine > 0 ? a.map((x) => x / sine) : [0, 0, 1], angle };
  // Near half turns the symmetric part gives the axis: (R + R^T)/2 - cos = (1 - cos) axis axis^T.
  const columns = [0, 1, 2].map((j) =>
    [0, 1, 2].map((i) => (r[3 * i + j]! + r[3 * j + i]!) / 2 - (i === j ? cosine : 0)),
  );
  const lengths = columns.map((column) => Math.hypot(...column));
  const length = Math.max(...lengths);
  const longest = columns[lengths.indexOf(length)]!;
  const along = a[0]! * longest[0]! + a[1]! * longest[1]! + a[2]! * longest[2]!;
  return { axis: longest.map((x) => (x / length) * (along < 0 ? -1 : 1)), angle };
}

/**
 * An orthogonal matrix in words; empty for the identity. In the plane a mirror flips x first, then comes the
 * rotation. In space an improper matrix is a mirror and a rotation about the mirror's normal.
 */
export function orthogonalText(matrix: Matrix): string {
  const improper = determinant(matrix) < 0;
  if (matrix.length === 4) {
    const angle = improper ? Math.atan2(-matrix[2]!, -matrix[0]!) : Math.atan2(matrix[2]!, matrix[0]!);
    return planeText(angle, improper);
  }
  if (!improper) {
    const { axis, angle } = axisAngle(matrix);
    return angle === 0 ? '' : `${degreesText(angle)} about ${vectorText(axis, 2)}`;
  }
  // -R turns by pi more than R about the same axis, and mirrors along that axis: pi - angle about its opposite.
  const { axis, angle } = axisAngle(matrix.map((x) => -x));
  if (angle === 0) return 'inversion';
  if (angle === Math.PI) return `mirror along ${vectorText(axis, 2)}`;
  const normal = vectorText(
    axis.map((x) => -x),
    2,
  );
  return `mirror along ${normal} and ${degreesText(Math.PI - angle)} about ${normal}`;
}

/** A rotation of the plane in words, in [0, 360) degrees; empty for the identity. */
export function planeText(angle: number, mirrored: boolean): string {
  const turn = angle < 0 ? angle + 2 * Math.PI : angle;
  if (!mirrored) return turn === 0 ? '' : degreesText(turn);
  return turn === 0 ? 'mirror along x' : `mirror along x and ${degreesText(turn)}`;
}
