/** Invertible linear maps and translations on values: the actions that rotations and boosts are special cases of. */
import { Fault } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import { determinant, isIdentity, type Matrix } from '../group/matrix.ts';
import { type FieldType, typeText } from '../signature.ts';
import { type NdArray, real } from '../tensor/array.ts';
import { flipSigns } from './axes.ts';
import { affine, blockwise, tensorPower } from './linear.ts';
import { irrepMatrices } from './wigner.ts';

type Affine = Extract<GroupElement, { kind: 'affine' }>;

/** How far from orthogonal a matrix may be that irreps are turned by: rounding of an exponential. */
const orthogonalWithin = 1e-9;

/**
 * Vectors as displacements: v -> M v; positions M x + t; pseudovectors by the cofactors of M, as a cross product; tensors by
 * M on every axis; four-vectors by a 4 x 4 matrix and its translation, or a spatial one on their spatial part.
 * @throws Fault `group/no-action` for irreps under what is no rotation or mirror, for images, and for dimensions that do
 * not fit.
 */
export function moveAffinely(value: NdArray, type: FieldType, { dim, matrix, translation }: Affine): NdArray {
  const { representation } = type;
  const { kind } = representation;
  const own = kind === 'fourvector' ? 4 : 'dim' in representation ? representation.dim : 3;
  if (kind === 'scalar' || kind === 'category' || kind === 'label') return value;
  const linear = !isIdentity(matrix);
  if (!linear && (kind !== 'position' || dim > own) && kind !== 'fourvector') return value;
  if (kind === 'image') throw noAction(type);
  if (kind === 'fourvector') {
    const moved = dim === 4 && translation.some((x) => x !== 0) ? translation : undefined;
    return real(value.shape, affine(value.data, dim === 4 ? matrix : spatial(embed(matrix, dim)), moved, 4));
  }
  if (dim > own) throw noAction(type);
  const m = own === dim ? matrix : embed(matrix, 2);
  switch (kind) {
    case 'position':
      return real(value.shape, affine(value.data, m, pad(translation, own), own));
    case 'vector':
      return real(value.shape, affine(value.data, m, undefined, own));
    case 'pseudovector':
      return real(value.shape, affine(value.data, cofactors(m), undefined, 3));
    case 'pseudoscalar':
      return determinant(m) < 0 ? flipSigns(value, type, undefined, [-1]) : value;
    case 'tensor':
      return real(value.shape, tensorPower(value.data, m, own, representation.rank));
    case 'irreps': {
      if (!isOrthogonal(m)) throw noAction(type);
      const largest = representation.irreps.reduce((l, { degree }) => Math.max(l, degree), 0);
      return real(value.shape, blockwise(value.data, representation.irreps, irrepMatrices(m, largest)));
    }
    default:
      return value;
  }
}

/** A map of the plane as one of space that leaves z alone. */
function embed(matrix: Matrix, dim: number): Matrix {
  if (dim === 3) return matrix;
  const [a, b, c, d] = matrix as [number, number, number, number];
  return [a, b, 0, c, d, 0, 0, 0, 1];
}

function spatial(m: Matrix): Matrix {
  return [1, 0, 0, 0, 0, m[0]!, m[1]!, m[2]!, 0, m[3]!, m[4]!, m[5]!, 0, m[6]!, m[7]!, m[8]!];
}

function pad(translation: readonly number[], dim: number): readonly number[] {
  return translation.length < dim ? [...translation, 0] : translation;
}

/** det(M) M^-T of a 3 x 3 matrix, which for rotations and mirrors is det(M) M. */
function cofactors(m: Matrix): number[] {
  return [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) => {
      const [r, s] = [(i + 1) % 3, (i + 2) % 3];
      const [u, v] = [(j + 1) % 3, (j + 2) % 3];
      return m[3 * r + u]! * m[3 * s + v]! - m[3 * r + v]! * m[3 * s + u]!;
    }),
  );
}

function isOrthogonal(m: Matrix): boolean {
  return [0, 1, 2].every((i) =>
    [0, 1, 2].every((j) => {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += m[3 * i + k]! * m[3 * j + k]!;
      return Math.abs(sum - (i === j ? 1 : 0)) <= orthogonalWithin;
    }),
  );
}

function noAction(type: FieldType): Fault {
  return new Fault({
    code: 'group/no-action',
    message: `${typeText(type)} has no action under general linear maps`,
    expected: 'positions, vectors, tensors or four-vectors of the dimension of the map',
    found: typeText(type),
    advice: 'Look within a group of rotations, or declare the field with another representation.',
  });
}
