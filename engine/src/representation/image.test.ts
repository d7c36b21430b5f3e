import { describe, expect, it } from 'vitest';
import { createGroup } from '../group/create.ts';
import type { GroupElement } from '../group/group.ts';
import { planeRotation } from '../group/rotation.ts';
import type { FieldType } from '../signature.ts';
import { integer, real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { act } from './act.ts';
import { keepsGrid } from './image.ts';

const image: FieldType = {
  representation: { kind: 'image' },
  axes: [{ index: 'h' }, { index: 'w' }, { size: 1 }],
};
const turn = (turns: number, mirrored = false, n = 4): GroupElement => ({
  kind: 'dihedral',
  n,
  turns,
  mirrored,
});
const rotation = (degrees: number): GroupElement => ({
  kind: 'euclidean',
  dim: 2,
  matrix: planeRotation((degrees * Math.PI) / 180),
  translation: [0, 0],
});

describe('quarter turns and mirrors', () => {
  const square = integer([2, 2, 1], [1, 2, 3, 4]);
  const seen = (element: GroupElement) => Array.from(act(element, square, image).data);

  it('turn counterclockwise as the image is seen, and mirror left to right first', () => {
    expect(seen(turn(1))).toEqual([2, 4, 1, 3]);
    expect(seen(turn(2))).toEqual([4, 3, 2, 1]);
    expect(seen(turn(3))).toEqual([3, 1, 4, 2]);
    expect(seen(turn(0, true))).toEqual([2, 1, 4, 3]);
    expect(seen(turn(1, true))).toEqual([1, 3, 2, 4]);
    expect(act(turn(1), square, image).data).toBeInstanceOf(Int32Array);
  });

  it.each([5, 6])('are exact on %i x %i images: bit for bit a representation of D(4)', (size) => {
    const random = randomFromSeed(size);
    const pixels = Array.from({ length: size * size * 3 }, () => random.normal());
    const value = real([size, size, 3], pixels);
    const type: FieldType = {
      representation: { kind: 'image' },
      axes: [{ index: 'h' }, { index: 'h' }, { size: 3 }],
    };
    const group = createGroup({ kind: 'D', n: 4 });
    const elements = [0, 1, 2, 3].flatMap((turns) => [turn(turns), turn(turns, true)]);
    for (const g of elements) {
      const once = act(g, value, type);
      expect([...once.data].sort()).toEqual([...pixels].sort());
      for (const h of elements) {
        expect(act(h, once, type)).toEqual(act(group.compose(h, g), value, type));
      }
    }
  });

  it('of images that are not square are exact for half turns and mirrors', () => {
    const wide = real([2, 3, 1], [1, 2, 3, 4, 5, 6]);
    expect(Array.from(act(turn(2), wide, image).data)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(Array.from(act(turn(0, true), wide, image).data)).toEqual([3, 2, 1, 6, 5, 4]);
    expect(keepsGrid([0, -1, 1, 0], 2, 3)).toBe(false);
    expect(keepsGrid([-1, 0, 0, -1], 2, 3)).toBe(true);
    // A quarter turn of 3 x 5 keeps the pixels that fall inside.
    const tall = real(
      [3, 5, 1],
      Array.from({ length: 15 }, (_, i) => i + 1),
    );
    expect(Array.from(act(turn(1), tall, image).data)).toEqual([
      0, 4, 9, 14, 0, 0, 3, 8, 13, 0, 0, 2, 7, 12, 0,
    ]);
  });
});

describe('other angles', () => {
  it('interpolate bilinearly: exact for an image that is linear in the coordinates', () => {
    const n = 9;
    const at = (i: number) => i - (n - 1) / 2;
    const pixels = Array.from({ length: n * n }, (_, i) => 2 * at(i % n) + 3 * -at(Math.floor(i / n)) + 1);
    const moved = act(rotation(30), real([n, n, 1], pixels), image).data;
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    for (let row = 2; row < 7; row++) {
      for (let column = 2; column < 7; column++) {
        const [x, y] = [at(column), -at(row)];
        // f(g^-1 p) with g^-1 the turn by -30 degrees.
        const expected = 2 * (c * x + s * y) + 3 * (-s * x + c * y) + 1;
        expect(moved[row * n + column]).toBeCloseTo(expected, 12);
      }
    }
  });

  it('show 0 where there was no image', () => {
    const moved = act(rotation(45), real([9, 9, 1], new Array(81).fill(1)), image).data;
    expect(moved[0]).toBe(0);
    expect(moved[40]).toBeCloseTo(1, 14);
  });

  it('agree with the copied pixels near a quarter turn', () => {
    const random = randomFromSeed(1);
    const value = real(
      [6, 6, 1],
      Array.from({ length: 36 }, () => random.normal()),
    );
    const near = act(rotation(90 + 1e-9), value, image).data;
    const exact = act(turn(1), value, image).data;
    // The outermost pixels may fall just outside; their weight is of the size of the angle.
    for (let i = 0; i < 36; i++) expect(Math.abs(near[i]! - exact[i]!)).toBeLessThan(1e-8);
  });
});
