import { describe, expect, it } from 'vitest';
import { createGroup } from './create.ts';
import type { GroupElement, GroupSpec } from './group.ts';
import { multiply } from './matrix.ts';
import { axisAngle, axisRotation, planeRotation, turnMatrix } from './rotation.ts';

const words = (spec: GroupSpec, element: GroupElement) => createGroup(spec).describe(element);
const space = (matrix: readonly number[], translation = [0, 0, 0]): GroupElement => ({
  kind: 'euclidean',
  dim: 3,
  matrix,
  translation,
});
const negative = (matrix: readonly number[]) => matrix.map((x) => -x);
const unit = (v: number[]) => v.map((x) => x / Math.hypot(...v));
const degrees = Math.PI / 180;
const e3: GroupSpec = { kind: 'E', dim: 3, scale: 1 };

describe('rigid motions', () => {
  const axis = unit([0.2, 0.9, 0.38]);
  it.each<[string, GroupElement]>([
    ['137.2 degrees about (0.20, 0.90, 0.38)', space(axisRotation(axis, 137.2 * degrees))],
    [
      '137.2 degrees about (0.20, 0.90, 0.38), moved by (1.2, -0.4, 3.0)',
      space(axisRotation(axis, 137.2 * degrees), [1.2, -0.4, 3]),
    ],
    ['180 degrees about (0.20, 0.90, 0.38)', space(axisRotation(axis, Math.PI))],
    ['0.0012 degrees about (0.20, 0.90, 0.38)', space(axisRotation(axis, 0.0012 * degrees))],
    ['1 degree about (0.00, 0.00, 1.00)', space(axisRotation([0, 0, 1], degrees))],
    ['moved by (0.0001, 0.0000, -0.0035)', space([1, 0, 0, 0, 1, 0, 0, 0, 1], [0.00012, -1e-9, -0.0035])],
    ['inversion', space([-1, 0, 0, 0, -1, 0, 0, 0, -1])],
    ['mirror along (0.00, 0.00, 1.00)', space([1, 0, 0, 0, 1, 0, 0, 0, -1])],
    [
      'mirror along (0.00, 0.00, 1.00) and 30 degrees about (0.00, 0.00, 1.00)',
      space(multiply(axisRotation([0, 0, 1], 30 * degrees), [1, 0, 0, 0, 1, 0, 0, 0, -1], 3)),
    ],
  ])('%s', (text, element) => {
    expect(words(e3, element)).toBe(text);
  });

  it('a mirror and its turn, put together again, are the element', () => {
    const element = negative(axisRotation(axis, 20 * degrees));
    // -R(20) = R(160 about the opposite axis) after the mirror along the axis.
    expect(words(e3, space(element))).toBe(
      'mirror along (-0.20, -0.90, -0.38) and 160 degrees about (-0.20, -0.90, -0.38)',
    );
    const mirror = [0, 1, 2].flatMap((i) =>
      [0, 1, 2].map((j) => (i === j ? 1 : 0) - 2 * axis[i]! * axis[j]!),
    );
    const again = multiply(
      axisRotation(
        axis.map((x) => -x),
        160 * degrees,
      ),
      mirror,
      3,
    );
    for (const [i, x] of again.entries()) expect(x).toBeCloseTo(element[i]!, 14);
  });

  it('finds axis and angle at all angles, also next to half turns', () => {
    for (const angle of [1e-8, 1e-3, 1, 2, 2.2, 3, Math.PI - 1e-5, Math.PI - 1e-9, Math.PI]) {
      const found = axisAngle(axisRotation(axis, angle));
      expect(found.angle).toBeCloseTo(angle, 12);
      const along = found.axis.reduce((sum, x, i) => sum + x * axis[i]!, 0);
      // At the half turn both directions are right.
      expect(Math.abs(angle === Math.PI ? Math.abs(along) - 1 : along - 1)).toBeLessThan(1e-14);
    }
  });

  it('names motions of the plane', () => {
    const plane = (matrix: readonly number[], translation = [0, 0]): GroupElement => ({
      kind: 'euclidean',
      dim: 2,
      matrix,
      translation,
    });
    const e2: GroupSpec = { kind: 'E', dim: 2, scale: 1 };
    expect(words(e2, plane(planeRotation(200.3 * degrees), [12, 3]))).toBe('200.3 degrees, moved by (12, 3)');
    expect(words(e2, plane([-1, 0, 0, 1]))).toBe('mirror along x');
    expect(words(e2, plane(multiply(planeRotation(40 * degrees), [-1, 0, 0, 1], 2)))).toBe(
      'mirror along x and 40 degrees',
    );
  });
});

describe('other elements', () => {
  it('names boosts', () => {
    const spec: GroupSpec = { kind: 'Lorentz', rapidity: 2 };
    const [c, s] = [Math.cosh(1.4), Math.sinh(1.4)];
    const boost: GroupElement = { kind: 'lorentz', matrix: [c, s, 0, 0, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const turn: GroupElement = { kind: 'lorentz', matrix: [1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1] };
    expect(words(spec, boost)).toBe('boost of rapidity 1.4 along (1.00, 0.00, 0.00)');
    expect(words(spec, turn)).toBe('90 degrees about (0.00, 0.00, 1.00)');
    expect(words(spec, createGroup(spec).compose(boost, turn))).toBe(
      '90 degrees about (0.00, 0.00, 1.00), then boost of rapidity 1.4 along (1.00, 0.00, 0.00)',
    );
  });

  it('names permutations by where entries go', () => {
    const spec: GroupSpec = { kind: 'S', index: 'atom' };
    const of = (order: number[]) => words(spec, { kind: 'permutation', index: 'atom', order });
    // Entry 7 of the result is entry 0 of the value: 0 moves to 7.
    expect(of([2, 1, 7, 4, 3, 5, 6, 0])).toBe('permutation of atom with 2 cycles, first moves 0 -> 7 -> 2');
    expect(of([1, 0])).toBe('permutation of atom with 1 cycle, first moves 0 -> 1');
    expect(of([9, 0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe(
      'permutation of atom with 1 cycle, first moves 0 -> 1 -> 2 -> 3 -> 4 -> 5 -> ...',
    );
  });

  it('names signs, turns, shifts and products', () => {
    const signs = (flipped: number[], n: number): GroupElement => ({
      kind: 'sign',
      index: 'mode',
      signs: Array.from({ length: n }, (_, i) => (flipped.includes(i) ? -1 : 1)),
    });
    const z2: GroupSpec = { kind: 'Z2', index: 'mode' };
    expect(words(z2, signs([1, 4], 6))).toBe('flips the signs of entries 1, 4 of mode');
    expect(words(z2, signs([3], 6))).toBe('flips the sign of entry 3 of mode');
    expect(words(z2, signs([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10))).toBe(
      'flips the signs of entries 0, 1, 2, 3, 4, 5, 6, 7, ... of mode',
    );
    expect(words({ kind: 'Z2' }, { kind: 'sign', signs: [-1] })).toBe('inversion');
    const turn = (turns: number, mirrored: boolean): GroupElement => ({
      kind: 'dihedral',
      n: 4,
      turns,
      mirrored,
    });
    expect(words({ kind: 'D', n: 4 }, turn(1, false))).toBe('90 degrees');
    expect(words({ kind: 'D', n: 4 }, turn(3, true))).toBe('mirror along x and 270 degrees');
    const shifted: GroupElement = { kind: 'shift', index: 'h', by: 3, size: 8 };
    expect(words({ kind: 'shift', index: 'h' }, shifted)).toBe('shifted by 3 along h');
    const product: GroupSpec = {
      kind: 'product',
      factors: [{ kind: 'C', n: 4 }, { kind: 'shift', index: 'h' }, z2],
    };
    expect(words(product, { kind: 'product', factors: [turn(1, false), shifted, signs([], 3)] })).toBe(
      '90 degrees; shifted by 3 along h',
    );
  });
});

describe('turnMatrix', () => {
  it('is exact at quarter turns and agrees with the cosine elsewhere', () => {
    expect(turnMatrix(1, 4)).toEqual([0, -1, 1, 0]);
    expect(turnMatrix(4, 8)).toEqual([-1, 0, 0, -1]);
    expect(turnMatrix(9, 12)).toEqual([0, 1, -1, 0]);
    for (let turns = 0; turns < 7; turns++) {
      const angle = (2 * Math.PI * turns) / 7;
      const expected = [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)];
      for (const [i, x] of turnMatrix(turns, 7).entries()) expect(x).toBeCloseTo(expected[i]!, 15);
    }
  });
});
