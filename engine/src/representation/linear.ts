/** Matrices on the trailing axes of a field: typed-array loops, nothing is allocated inside them. */
import type { Matrix } from '../group/matrix.ts';
import type { Irrep } from '../signature.ts';
import { irrepsDimension } from '../signature.ts';

/** y = M x + t on every row of `width` numbers. */
export function affine(
  data: ArrayLike<number>,
  matrix: ArrayLike<number>,
  translation: ArrayLike<number> | undefined,
  width: number,
): Float64Array {
  const out = new Float64Array(data.length);
  for (let base = 0; base < data.length; base += width) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += matrix[i * width + j]! * data[base + j]!;
      out[base + i] = translation ? sum + translation[i]! : sum;
    }
  }
  return out;
}

/** Cartesian tensors: M on each of the `rank` trailing axes of length `dim`, one axis after the other. */
export function tensorPower(
  data: ArrayLike<number>,
  matrix: Matrix,
  dim: number,
  rank: number,
): Float64Array {
  let from = Float64Array.from(data);
  let to = new Float64Array(data.length);
  for (let axis = 0, inner = dim ** (rank - 1); axis < rank; axis++, inner /= dim) {
    const block = dim * inner;
    for (let base = 0; base < from.length; base += block) {
      for (let i = 0; i < dim; i++) {
        for (let k = 0; k < inner; k++) {
          let sum = 0;
          for (let j = 0; j < dim; j++) sum += matrix[i * dim + j]! * from[base + j * inner + k]!;
          to[base + i * inner + k] = sum;
        }
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Irreps: in every feature, block by block, D of the block's degree and parity on each of its copies. */
export function blockwise(
  data: ArrayLike<number>,
  irreps: readonly Irrep[],
  matrixOf: (degree: number, parity: 1 | -1) => ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(data.length);
  const width = irrepsDimension(irreps);
  let at = 0;
  for (const { multiplicity, degree, parity } of irreps) {
    const size = 2 * degree + 1;
    const d = matrixOf(degree, parity);
    for (let feature = at; feature < data.length; feature += width) {
      for (let copy = 0; copy < multiplicity; copy++) {
        const base = feature + copy * size;
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let j = 0; j < size; j++) sum += d[i * size + j]! * data[base + j]!;
          out[base + i] = sum;
        }
      }
    }
    at += multiplicity * size;
  }
  return out;
}
