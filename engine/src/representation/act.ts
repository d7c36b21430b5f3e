/** How elements act on values. Exact up to float64 rounding, except for images off the pixel grid. */
import { Fault } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import { determinant, isIdentity, type Matrix } from '../group/matrix.ts';
import { turnMatrix } from '../group/rotation.ts';
import { type FieldType, trailingShape, typeText } from '../signature.ts';
import { type NdArray, real, sizeOf } from '../tensor/array.ts';
import { moveAffinely } from './affine.ts';
import { flipSigns, reorderAxes, shiftOrder } from './axes.ts';
import { turnImage } from './image.ts';
import { affine, blockwise, tensorPower } from './linear.ts';
import { refusal } from './refusal.ts';
import { irrepMatrices } from './wigner.ts';

/**
 * The value after the element. The value itself is not changed; it is returned as it is where the element leaves it
 * alone. Rotations make reals of integers; signs and permutations keep them.
 * @throws Fault `group/value-does-not-fit` when the shape is not one of the type, `group/element-does-not-fit` when a
 * permutation, shift or sign vector has another length than the axis, `group/no-action` when there is none.
 */
export function act(element: GroupElement, value: NdArray, type: FieldType): NdArray {
  checkShape(value, type);
  return actUnchecked(element, value, type);
}

function actUnchecked(element: GroupElement, value: NdArray, type: FieldType): NdArray {
  if (type.representation.kind === 'constant') return value;
  switch (element.kind) {
    case 'identity':
      return value;
    case 'permutation':
      return reorderAxes(value, type, element.index, element.order);
    case 'shift':
      return reorderAxes(value, type, element.index, shiftOrder(element.by, element.size));
    case 'sign':
      if (element.index === undefined && element.signs[0] === -1) {
        refuseUnless({ name: 'inversion', inversion: true }, type);
      }
      return flipSigns(value, type, element.index, element.signs);
    case 'lorentz':
      refuseUnless({ name: 'the Lorentz group', boosts: true }, type);
      return type.representation.kind === 'fourvector'
        ? real(value.shape, affine(value.data, element.matrix, undefined, 4))
        : value;
    case 'dihedral': {
      const turn = turnMatrix(element.turns, element.n);
      const matrix = element.mirrored ? [-turn[0]!, turn[1]!, -turn[2]!, turn[3]!] : turn;
      return move(value, type, matrix, undefined);
    }
    case 'affine':
      return moveAffinely(value, type, element);
    case 'euclidean':
      return move(
        value,
        type,
        element.matrix,
        element.translation.some((x) => x !== 0) ? element.translation : undefined,
      );
    case 'product':
      // The last factor acts first, as in the product of elements.
      return element.factors.reduceRight((moved, factor) => actUnchecked(factor, moved, type), value);
  }
}

/** An orthogonal map, and a translation of positions. Planar maps act on three-dimensional fields about z. */
function move(
  value: NdArray,
  type: FieldType,
  matrix: Matrix,
  translation: readonly number[] | undefined,
): NdArray {
  const { representation } = type;
  const dim = matrix.length === 4 ? 2 : 3;
  const linear = isIdentity(matrix) ? undefined : dim;
  const name = dim === 2 ? 'a motion of the plane' : 'a motion of space';
  refuseUnless({ name, linear, translation: translation && dim }, type);
  if (representation.kind === 'position') {
    if (!linear && !translation) return value;
    const { dim: width } = representation;
    return real(value.shape, affine(value.data, embed(matrix, width), pad(translation, width), width));
  }
  if (!linear) return value;
  switch (representation.kind) {
    case 'pseudoscalar':
      return determinant(matrix) < 0 ? flipSigns(value, type, undefined, [-1]) : value;
    case 'vector':
      return real(
        value.shape,
        affine(value.data, embed(matrix, representation.dim), undefined, representation.dim),
      );
    case 'pseudovector': {
      const sign = determinant(matrix) < 0 ? -1 : 1;
      const signed = embed(matrix, 3).map((x) => sign * x);
      return real(value.shape, affine(value.data, signed, undefined, 3));
    }
    case 'fourvector':
      return real(value.shape, affine(value.data, spatialPart(embed(matrix, 3)), undefined, 4));
    case 'tensor': {
      const { dim: width, rank } = representation;
      return real(value.shape, tensorPower(value.data, embed(matrix, width), width, rank));
    }
    case 'irreps': {
      const { irreps } = representation;
      const largest = irreps.reduce((l, { degree }) => Math.max(l, degree), 0);
      return real(value.shape, blockwise(value.data, irreps, irrepMatrices(embed(matrix, 3), largest)));
    }
    case 'image':
      return turnImage(value, matrix);
    default:
      return value;
  }
}

/** A map of the plane as one of space that leaves z alone. */
function embed(matrix: Matrix, dim: 2 | 3): Matrix {
  if (matrix.length === dim * dim) return matrix;
  const [a, b, c, d] = matrix as [number, number, number, number];
  return [a, b, 0, c, d, 0, 0, 0, 1];
}

function pad(translation: readonly number[] | undefined, dim: number): readonly number[] | undefined {
  return translation && translation.length < dim ? [...translation, 0] : translation;
}

function spatialPart(m: Matrix): number[] {
  return [1, 0, 0, 0, 0, m[0]!, m[1]!, m[2]!, 0, m[3]!, m[4]!, m[5]!, 0, m[6]!, m[7]!, m[8]!];
}

function refuseUnless(move: Parameters<typeof refusal>[0], type: FieldType): void {
  const reason = refusal(move, type);
  if (reason === undefined) return;
  throw new Fault({
    code: 'group/no-action',
    message: reason,
    expected: 'a group that acts on every field',
    found: typeText(type),
    advice: 'Change the group of the check, or the representation of the field.',
  });
}

function checkShape(value: NdArray, type: FieldType): void {
  const trailing = trailingShape(type.representation);
  const expected = [...type.axes.map((axis) => ('size' in axis ? axis.size : undefined)), ...trailing];
  const fits =
    expected.length === value.shape.length &&
    expected.every((size, i) => size === undefined || size === value.shape[i]) &&
    value.data.length === sizeOf(value.shape);
  if (fits) return;
  const names = type.axes.map((axis) => ('index' in axis ? axis.index : String(axis.size)));
  const shape = `[${[...names, ...trailing].join(', ')}]`;
  const found = `[${value.shape.join(', ')}]`;
  throw new Fault({
    code: 'group/value-does-not-fit',
    message: `A value of shape ${found} is no ${typeText(type)}, which has the shape ${shape}`,
    expected: shape,
    found,
    advice: 'Declare the field with the axes that the array has.',
  });
}
