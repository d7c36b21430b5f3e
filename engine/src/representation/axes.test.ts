import { describe, expect, it } from 'vitest';
import type { GroupElement } from '../group/group.ts';
import type { Axis, FieldType, Representation } from '../signature.ts';
import { integer, real } from '../tensor/array.ts';
import { act } from './act.ts';

const node: Axis = { index: 'node' };
const mode: Axis = { index: 'mode' };
const type = (representation: Representation, ...axes: Axis[]): FieldType => ({ representation, axes });
const order: GroupElement = { kind: 'permutation', index: 'node', order: [2, 0, 1] };

describe('permutations', () => {
  const adjacency = real([3, 3], [11, 12, 13, 21, 22, 23, 31, 32, 33]);

  it('permute both axes of a doubly indexed scalar: (P A P^T)[i, j] = A[order i, order j]', () => {
    const moved = act(order, adjacency, type({ kind: 'scalar' }, node, node));
    expect(Array.from(moved.data)).toEqual([33, 31, 32, 13, 11, 12, 23, 21, 22]);
  });

  it('permute one axis where only one has the name, and none of a fixed size', () => {
    const rows = act(order, adjacency, type({ kind: 'scalar' }, node, { size: 3 }));
    expect(Array.from(rows.data)).toEqual([31, 32, 33, 11, 12, 13, 21, 22, 23]);
    const fixed = act(order, adjacency, type({ kind: 'scalar' }, { size: 3 }, { size: 3 }));
    expect(fixed).toBe(adjacency);
  });

  it('carry the trailing axes along, permute labels, and leave constants alone', () => {
    const vectors = real([3, 2], [1, 2, 3, 4, 5, 6]);
    expect(Array.from(act(order, vectors, type({ kind: 'vector', dim: 2 }, node)).data)).toEqual([
      5, 6, 1, 2, 3, 4,
    ]);
    const labels = integer([3], [7, 8, 9]);
    expect(act(order, labels, type({ kind: 'label' }, node)).data).toEqual(Int32Array.of(9, 7, 8));
    expect(act(order, labels, type({ kind: 'constant' }, node))).toBe(labels);
    expect(act(order, labels, type({ kind: 'scalar' }, mode))).toBe(labels);
  });
});

describe('shifts', () => {
  it('move entry i to i + by, round the end', () => {
    const shift: GroupElement = { kind: 'shift', index: 'w', by: 1, size: 3 };
    const image = integer([2, 3], [1, 2, 3, 4, 5, 6]);
    const moved = act(shift, image, type({ kind: 'image' }, { index: 'h' }, { index: 'w' }));
    expect(moved.data).toEqual(Int32Array.of(3, 1, 2, 6, 4, 5));
  });
});

describe('signs', () => {
  const signs: GroupElement = { kind: 'sign', index: 'mode', signs: [1, -1, -1] };

  it('flip the eigenvectors that they are for, and not scalars', () => {
    const vectors = real([2, 3], [1, 2, 3, 4, 5, 6]);
    const flipped = act(signs, vectors, type({ kind: 'pseudoscalar' }, node, mode));
    expect(Array.from(flipped.data)).toEqual([1, -2, -3, 4, -5, -6]);
    expect(act(signs, vectors, type({ kind: 'scalar' }, node, mode))).toBe(vectors);
    expect(act(signs, vectors, type({ kind: 'pseudoscalar' }, node, { size: 3 }))).toBe(vectors);
  });

  it('multiply on a field that carries the index twice', () => {
    const overlap = real([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const flipped = act(signs, overlap, type({ kind: 'pseudoscalar' }, mode, mode));
    expect(Array.from(flipped.data)).toEqual([1, -2, -3, -4, 5, 6, -7, 8, 9]);
  });

  it('negate odd components only', () => {
    const inversion: GroupElement = { kind: 'sign', signs: [-1] };
    const four = real([1, 4], [9, 1, 2, 3]);
    expect(Array.from(act(inversion, four, type({ kind: 'fourvector' }, node)).data)).toEqual([
      9, -1, -2, -3,
    ]);
    const even = real([1, 2, 2], [1, 2, 3, 4]);
    expect(act(inversion, even, type({ kind: 'tensor', rank: 2, dim: 2 }, node))).toBe(even);
    const counts = integer([2], [3, 0]);
    const flipped = act(inversion, counts, type({ kind: 'pseudoscalar' }, node));
    expect(flipped.data).toEqual(Int32Array.of(-3, 0));
  });
});

describe('what does not fit', () => {
  const fails = (run: () => unknown, code: string, message: string) =>
    expect(run).toThrow(
      expect.objectContaining({
        finding: expect.objectContaining({ code, message, advice: expect.any(String) }),
      }),
    );

  it('is told: elements of another size', () => {
    fails(
      () => act(order, real([4], [1, 2, 3, 4]), type({ kind: 'scalar' }, node)),
      'group/element-does-not-fit',
      'A group element does not fit here: expected an element for 4 entries of node, found one for 3',
    );
    fails(
      () =>
        act(
          { kind: 'shift', index: 'node', by: 1, size: 3 },
          real([2], [1, 2]),
          type({ kind: 'scalar' }, node),
        ),
      'group/element-does-not-fit',
      'A group element does not fit here: expected an element for 2 entries of node, found one for 3',
    );
    fails(
      () =>
        act(
          { kind: 'sign', index: 'node', signs: [1] },
          real([2], [1, 2]),
          type({ kind: 'pseudoscalar' }, node),
        ),
      'group/element-does-not-fit',
      'A group element does not fit here: expected an element for 2 entries of node, found one for 1',
    );
  });

  it('is told: values of another shape', () => {
    const positions = type({ kind: 'position', dim: 3 }, node);
    fails(
      () => act({ kind: 'identity' }, real([2, 2], [1, 2, 3, 4]), positions),
      'group/value-does-not-fit',
      'A value of shape [2, 2] is no position[node], which has the shape [node, 3]',
    );
    fails(
      () => act({ kind: 'identity' }, real([3], [1, 2, 3]), positions),
      'group/value-does-not-fit',
      'A value of shape [3] is no position[node], which has the shape [node, 3]',
    );
    fails(
      () => act({ kind: 'identity' }, real([4], [1, 2, 3, 4]), type({ kind: 'scalar' }, { size: 3 })),
      'group/value-does-not-fit',
      'A value of shape [4] is no scalar[3], which has the shape [3]',
    );
  });
});
