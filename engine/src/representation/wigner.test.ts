import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createGroup } from '../group/create.ts';
import type { GroupElement } from '../group/group.ts';
import { multiply } from '../group/matrix.ts';
import { real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { sphericalHarmonics } from './spherical-harmonics.ts';
import { irrepMatrices, wignerD } from './wigner.ts';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test-fixtures/representation/${name}`, import.meta.url), 'utf8'));

/** Largest absolute difference. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

const group = createGroup({ kind: 'O', dim: 3 });
const matrices = (count: number, seed: number) => {
  const random = randomFromSeed(seed);
  return Array.from(
    { length: count },
    () => (group.sample(random, {}) as Extract<GroupElement, { kind: 'euclidean' }>).matrix,
  );
};

describe('spherical harmonics', () => {
  const data = fixture('spherical-harmonics.json') as Record<string, number[][]>;
  const vectors = real([data.vectors!.length, 3], data.vectors!.flat());

  it.each([
    ['integral.unit', { normalize: true, normalization: 'integral' }],
    ['component.unit', { normalize: true, normalization: 'component' }],
    ['norm.solid', { normalize: false, normalization: 'norm' }],
  ] as const)('agree with e3nn to degree 4: %s', (name, options) => {
    const found = sphericalHarmonics(vectors, 4, options).data;
    for (const [i, expected] of data[name]!.entries()) {
      for (let l = 0; l <= 4; l++) {
        const [from, to] = [l * l, (l + 1) ** 2];
        const scale = Math.max(...expected.slice(from, to).map(Math.abs));
        const error = difference(found.slice(25 * i + from, 25 * i + to), expected.slice(from, to));
        expect(error / scale, `vector ${i}, degree ${l}`).toBeLessThan(2e-15);
      }
    }
  });

  it('agree with e3nn in degrees 5 and 6', () => {
    const found = sphericalHarmonics(vectors, 6, { normalize: false, normalization: 'norm' }).data;
    for (const [i, expected] of data['norm.solid.degree6']!.entries()) {
      for (const l of [5, 6]) {
        const [from, to] = [l * l, (l + 1) ** 2];
        const reference = expected.slice(from - 25, to - 25);
        const scale = Math.max(...reference.map(Math.abs));
        const error = difference(found.slice(49 * i + from, 49 * i + to), reference);
        expect(error / scale, `vector ${i}, degree ${l}`).toBeLessThan(5e-15);
      }
    }
  });

  it('have the stated norm in each degree, and 0 at the origin above degree 0', () => {
    const v = real([1, 3], [0.3, -1.7, 0.4]);
    const squared = {
      norm: () => 1,
      component: (l: number) => 2 * l + 1,
      integral: (l: number) => (2 * l + 1) / 4 / Math.PI,
    };
    for (const normalization of ['norm', 'component', 'integral'] as const) {
      const y = sphericalHarmonics(v, 6, { normalize: true, normalization }).data;
      for (let l = 0; l <= 6; l++) {
        const sum = Array.from(y.slice(l * l, (l + 1) ** 2)).reduce((a, b) => a + b * b, 0);
        expect(sum / squared[normalization](l)).toBeCloseTo(1, 13);
      }
    }
    const origin = sphericalHarmonics(real([1, 3], [0, 0, 0]), 2, { normalize: true, normalization: 'norm' });
    expect(Array.from(origin.data, Math.abs)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('refuse other degrees and other vectors', () => {
    const options = { normalize: true, normalization: 'norm' } as const;
    expect(() => sphericalHarmonics(vectors, 7, options)).toThrow('degrees from 0 to 6, not 7');
    expect(() => sphericalHarmonics(real([4, 2], new Array(8).fill(0)), 2, options)).toThrow(
      'Spherical harmonics need vectors of 3 numbers, not an array of shape [4, 2]',
    );
  });
});

describe('Wigner D', () => {
  it('agrees with the matrices of e3nn', () => {
    for (const { matrix, D } of fixture('wigner-d.json') as { matrix: number[]; D: number[][] }[]) {
      const found = wignerD(matrix, 4);
      for (const [l, expected] of D.entries()) expect(difference(found[l]!, expected)).toBeLessThan(1e-14);
    }
  });

  it('turns spherical harmonics to degree 6: Y(R v) = D(R) Y(v)', () => {
    const random = randomFromSeed(7);
    const options = { normalize: false, normalization: 'norm' } as const;
    for (const matrix of matrices(40, 1)) {
      const v = Array.from({ length: 3 }, () => random.normal());
      const turned = [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, j) => sum + matrix[3 * i + j]! * v[j]!, 0));
      const y = sphericalHarmonics(real([3], v), 6, options).data;
      const expected = sphericalHarmonics(real([3], turned), 6, options).data;
      for (const [l, d] of wignerD(matrix, 6).entries()) {
        const size = 2 * l + 1;
        const unit = Math.max(1, Math.hypot(...v) ** l);
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let j = 0; j < size; j++) sum += d[i * size + j]! * y[l * l + j]!;
          expect(Math.abs(sum - expected[l * l + i]!) / unit).toBeLessThan(1e-14);
        }
      }
    }
  });

  it('is a homomorphism with orthogonal values, and keeps the parity of the irrep', () => {
    const all = matrices(40, 2);
    for (let k = 0; k + 1 < all.length; k += 2) {
      const [g, h] = [all[k]!, all[k + 1]!];
      const [dg, dh, dgh] = [g, h, multiply(g, h, 3)].map((m) => irrepMatrices(m, 6));
      for (let l = 0; l <= 6; l++) {
        for (const parity of [1, -1] as const) {
          const [a, b] = [Array.from(dg!(l, parity)), Array.from(dh!(l, parity))];
          expect(difference(multiply(a, b, 2 * l + 1), dgh!(l, parity))).toBeLessThan(1e-14);
        }
        const d = Array.from(dg!(l, 1));
        const size = 2 * l + 1;
        const transposed = d.map((_, i) => d[(i % size) * size + Math.floor(i / size)]!);
        const one = d.map((_, i) => (i % (size + 1) === 0 ? 1 : 0));
        expect(difference(multiply(transposed, d, size), one)).toBeLessThan(1e-14);
      }
    }
    const inversion = irrepMatrices([-1, 0, 0, 0, -1, 0, 0, 0, -1], 3);
    expect(inversion(0, -1)[0]).toBe(-1);
    expect(inversion(3, 1)[0]).toBe(1);
    expect(inversion(2, -1)[0]).toBe(-1);
  });

  it('is exact to rounding for tiny turns, where Euler angles lose digits', () => {
    const angle = 1e-9;
    const d = wignerD([1, 0, 0, 0, 1, -angle, 0, angle, 1], 6);
    // To first order D = 1 + angle J: the entries next to the diagonal of degree 6 are of the size of the angle.
    const offDiagonal = Array.from(d[6]!).filter((_, i) => i % 14 !== 0);
    const largest = Math.max(...offDiagonal.map(Math.abs));
    expect(largest).toBeGreaterThan(3 * angle);
    expect(largest).toBeLessThan(7 * angle);
  });
});
