/** Statistics of drawn elements. Every bound is five standard deviations of the estimate, for a fixed seed. */
import { describe, expect, it } from 'vitest';
import type { IndexSizes } from '../signature.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { createGroup } from './create.ts';
import type { GroupElement, GroupSpec } from './group.ts';
import { axisAngle } from './rotation.ts';

const draws = 8000;

function sample<Kind extends GroupElement['kind']>(
  spec: GroupSpec,
  _kind: Kind,
  sizes: IndexSizes = {},
): Extract<GroupElement, { kind: Kind }>[] {
  const group = createGroup(spec);
  const random = randomFromSeed(2024).stream('haar');
  return Array.from({ length: draws }, () => group.sample(random, sizes)) as Extract<
    GroupElement,
    { kind: Kind }
  >[];
}

/** The mean of `values` is within five standard errors of `expected`. */
function expectMean(values: readonly number[], expected: number, label: string): void {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  const sigmas = Math.abs(mean - expected) / Math.sqrt(variance / values.length);
  expect(sigmas, `${label}: mean ${mean}, expected ${expected}`).toBeLessThan(5);
}

/** Kolmogorov-Smirnov: sqrt(n) D exceeds 2.5 with a probability of 2 exp(-2 * 2.5^2) = 7.5e-6. */
function expectDistribution(values: readonly number[], cdf: (x: number) => number): void {
  const sorted = [...values].sort((a, b) => a - b);
  let d = 0;
  for (const [i, x] of sorted.entries()) {
    d = Math.max(d, Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length));
  }
  expect(d * Math.sqrt(sorted.length)).toBeLessThan(2.5);
}

/** Chi squared against equal shares, as a number of standard deviations of that distribution. */
function expectUniform(keys: readonly string[], cells: number): void {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  expect(counts.size).toBe(cells);
  const share = keys.length / cells;
  let chi2 = 0;
  for (const count of counts.values()) chi2 += (count - share) ** 2 / share;
  expect(Math.abs(chi2 - (cells - 1)) / Math.sqrt(2 * (cells - 1))).toBeLessThan(5);
}

describe.each([
  { spec: { kind: 'SO', dim: 3 } as const },
  { spec: { kind: 'O', dim: 3 } as const },
  { spec: { kind: 'O', dim: 2 } as const },
])('$spec.kind($spec.dim)', ({ spec }) => {
  const { dim } = spec;
  const matrices = sample(spec, 'euclidean').map((g) => g.matrix);

  it('has first moments 0', () => {
    for (let i = 0; i < dim * dim; i++)
      expectMean(
        matrices.map((m) => m[i]!),
        0,
        `entry ${i}`,
      );
  });

  it('has second moments delta delta / n', () => {
    for (let a = 0; a < dim * dim; a++) {
      for (let b = 0; b <= a; b++) {
        expectMean(
          matrices.map((m) => m[a]! * m[b]!),
          a === b ? 1 / dim : 0,
          `entries ${a}, ${b}`,
        );
      }
    }
  });

  it('has fourth moments 3/(n (n+2)) of an entry', () => {
    for (let a = 0; a < dim * dim; a++) {
      expectMean(
        matrices.map((m) => m[a]! ** 4),
        3 / (dim * (dim + 2)),
        `entry ${a}`,
      );
    }
  });
});

describe('rotations', () => {
  it('SO(3): the angle has density (1 - cos)/pi, the axis is uniform', () => {
    const rotations = sample({ kind: 'SO', dim: 3 }, 'euclidean').map((g) => axisAngle(g.matrix));
    expectDistribution(
      rotations.map(({ angle }) => angle),
      (x) => (x - Math.sin(x)) / Math.PI,
    );
    for (let i = 0; i < 3; i++) {
      expectDistribution(
        rotations.map(({ axis }) => axis[i]!),
        (x) => (x + 1) / 2,
      );
    }
  });

  it('SO(2): the angle is uniform', () => {
    const angles = sample({ kind: 'SO', dim: 2 }, 'euclidean').map((g) =>
      Math.atan2(g.matrix[2]!, g.matrix[0]!),
    );
    expectDistribution(angles, (x) => (x + Math.PI) / (2 * Math.PI));
  });

  it.each([2, 3] as const)('O(%i): half of the elements are mirrors', (dim) => {
    const determinants = sample({ kind: 'O', dim }, 'euclidean').map(({ matrix: m }) =>
      dim === 2
        ? m[0]! * m[3]! - m[1]! * m[2]!
        : m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
          m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
          m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!),
    );
    expect(determinants.every((d) => Math.abs(Math.abs(d) - 1) < 1e-14)).toBe(true);
    expectMean(determinants, 0, 'determinant');
  });

  it('translations are uniform in the cube', () => {
    const moves = sample({ kind: 'SE', dim: 3, scale: 4 }, 'euclidean').map((g) => g.translation);
    for (let i = 0; i < 3; i++) {
      expectDistribution(
        moves.map((t) => t[i]!),
        (x) => (x + 4) / 8,
      );
    }
    expectMean(
      moves.map((t) => t[0]! * t[1]!),
      0,
      'correlation',
    );
  });
});

describe('Lorentz', () => {
  const matrices = sample({ kind: 'Lorentz', rapidity: 2 }, 'lorentz').map((g) => g.matrix);
  it('has a uniform rapidity and a uniform direction', () => {
    expectDistribution(
      matrices.map((m) => Math.acosh(m[0]!)),
      (x) => x / 2,
    );
    for (let i = 1; i < 4; i++) {
      expectDistribution(
        matrices.map((m) => m[4 * i]! / Math.hypot(m[4]!, m[8]!, m[12]!)),
        (x) => (x + 1) / 2,
      );
    }
  });
  it('has rotations independent of the boost: the image of the rest frame seen from both sides is isotropic', () => {
    for (let i = 1; i < 4; i++) {
      for (let j = 1; j < 4; j++) {
        expectMean(
          matrices.map((m) => (m[4 * i]! * m[j]!) / (m[0]! ** 2 - 1)),
          0,
          `u${i} w${j}`,
        );
      }
    }
  });
});

describe('finite groups', () => {
  const key = (g: GroupElement) => JSON.stringify(g);
  it('are drawn uniformly', () => {
    expectUniform(sample({ kind: 'S', index: 'atom' }, 'permutation', { atom: 4 }).map(key), 24);
    expectUniform(sample({ kind: 'Z2', index: 'mode' }, 'sign', { mode: 4 }).map(key), 16);
    expectUniform(sample({ kind: 'Z2' }, 'sign').map(key), 2);
    expectUniform(sample({ kind: 'C', n: 7 }, 'dihedral').map(key), 7);
    expectUniform(sample({ kind: 'D', n: 5 }, 'dihedral').map(key), 10);
    expectUniform(sample({ kind: 'shift', index: 'h' }, 'shift', { h: 9 }).map(key), 9);
  });
});
