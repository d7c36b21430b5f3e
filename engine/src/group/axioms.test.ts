import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { createGroup } from './create.ts';
import type { GroupElement, GroupSpec } from './group.ts';

const sizes = { atom: 7, h: 5, mode: 4 };

const specs: GroupSpec[] = [
  { kind: 'trivial' },
  { kind: 'S', index: 'atom' },
  { kind: 'T', dim: 2, scale: 3 },
  { kind: 'T', dim: 3, scale: 10 },
  { kind: 'SO', dim: 2 },
  { kind: 'O', dim: 2 },
  { kind: 'SO', dim: 3 },
  { kind: 'O', dim: 3 },
  { kind: 'SE', dim: 2, scale: 1 },
  { kind: 'SE', dim: 3, scale: 2 },
  { kind: 'E', dim: 2, scale: 1 },
  { kind: 'E', dim: 3, scale: 2 },
  { kind: 'Lorentz', rapidity: 2 },
  { kind: 'Z2' },
  { kind: 'Z2', index: 'mode' },
  { kind: 'C', n: 5 },
  { kind: 'D', n: 6 },
  { kind: 'shift', index: 'h' },
  {
    kind: 'product',
    factors: [
      { kind: 'E', dim: 3, scale: 2 },
      { kind: 'S', index: 'atom' },
      { kind: 'shift', index: 'h' },
    ],
  },
];

/** All numbers of an element, in a fixed order. */
function numbers(g: GroupElement): number[] {
  switch (g.kind) {
    case 'euclidean':
    case 'affine':
      return [...g.matrix, ...g.translation];
    case 'lorentz':
      return [...g.matrix];
    case 'permutation':
      return [...g.order];
    case 'sign':
      return [...g.signs];
    case 'dihedral':
      return [g.turns, Number(g.mirrored)];
    case 'shift':
      return [g.by, g.size];
    case 'product':
      return g.factors.flatMap(numbers);
    case 'identity':
      return [];
  }
}

/** Largest difference, relative to the largest number (boosts grow with the rapidity, translations with the scale). */
function distance(a: GroupElement, b: GroupElement): number {
  const [p, q] = [numbers(a), numbers(b)];
  expect(p.length).toBe(q.length);
  const unit = Math.max(1, ...p.map(Math.abs), ...q.map(Math.abs));
  return Math.max(0, ...p.map((x, i) => Math.abs(x - q[i]!))) / unit;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe.each(specs.map((spec) => createGroup(spec)))('$text', (group) => {
  const draw = (seed: number, name: string) => group.sample(randomFromSeed(seed).stream(name), sizes);

  it('has an identity', () => {
    const one = group.identity(sizes);
    expect(group.describe(one)).toBe('identity');
    fc.assert(
      fc.property(seeds, (seed) => {
        const g = draw(seed, 'g');
        expect(distance(group.compose(one, g), g)).toBeLessThan(1e-15);
        expect(distance(group.compose(g, one), g)).toBeLessThan(1e-15);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('has inverses', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const g = draw(seed, 'g');
        const inverse = group.inverse(g);
        // A product of boosts cancels entries as large as gamma squared.
        const unit = Math.max(1, ...numbers(g).map(Math.abs)) ** 2;
        expect(distance(group.compose(g, inverse), group.identity(sizes))).toBeLessThan(2e-15 * unit);
        expect(distance(group.compose(inverse, g), group.identity(sizes))).toBeLessThan(2e-15 * unit);
        expect(distance(group.inverse(inverse), g)).toBeLessThan(1e-15);
      }),
      { numRuns: 25, seed: 2 },
    );
  });

  it('composes associatively', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [g, h, k] = ['g', 'h', 'k'].map((name) => draw(seed, name)) as [
          GroupElement,
          GroupElement,
          GroupElement,
        ];
        const left = group.compose(group.compose(g, h), k);
        const right = group.compose(g, group.compose(h, k));
        expect(distance(left, right)).toBeLessThan(1e-13);
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it('draws the same element from the same stream, another from another', () => {
    expect(draw(5, 'g')).toEqual(draw(5, 'g'));
    if (group.text === 'trivial') return;
    const texts = Array.from({ length: 24 }, (_, i) => JSON.stringify(draw(i, 'g')));
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it('survives JSON: a witness in a report is the element', () => {
    const g = draw(9, 'g');
    expect(JSON.parse(JSON.stringify(g))).toEqual(g);
  });
});

describe('orders', () => {
  const order = (spec: GroupSpec, n: number) => createGroup(spec).order({ atom: n });
  it('counts finite groups', () => {
    expect(order({ kind: 'trivial' }, 1)).toBe(1);
    expect(order({ kind: 'S', index: 'atom' }, 5)).toBe(120);
    expect(order({ kind: 'S', index: 'atom' }, 18)).toBe(6402373705728000);
    expect(order({ kind: 'S', index: 'atom' }, 19)).toBe(Infinity);
    expect(order({ kind: 'C', n: 4 }, 1)).toBe(4);
    expect(order({ kind: 'D', n: 4 }, 1)).toBe(8);
    expect(order({ kind: 'Z2' }, 1)).toBe(2);
    expect(order({ kind: 'Z2', index: 'atom' }, 10)).toBe(1024);
    expect(order({ kind: 'Z2', index: 'atom' }, 60)).toBe(Infinity);
    expect(order({ kind: 'shift', index: 'atom' }, 12)).toBe(12);
  });
  it('multiplies them, and knows infinite ones', () => {
    const product = (...factors: GroupSpec[]) => order({ kind: 'product', factors }, 4);
    expect(product({ kind: 'S', index: 'atom' }, { kind: 'C', n: 4 })).toBe(96);
    expect(product({ kind: 'S', index: 'atom' }, { kind: 'SO', dim: 3 })).toBeUndefined();
  });

  it.each<GroupSpec>([
    { kind: 'S', index: 'atom' },
    { kind: 'Z2', index: 'atom' },
    { kind: 'C', n: 6 },
    { kind: 'D', n: 3 },
    { kind: 'shift', index: 'atom' },
    { kind: 'product', factors: [{ kind: 'Z2' }, { kind: 'S', index: 'atom' }] },
  ])('$kind is generated by its generators: the closure has as many elements as the order', (spec) => {
    const group = createGroup(spec);
    const small = { atom: 4 };
    const found = new Map<string, GroupElement>();
    const waiting = [group.identity(small)];
    for (let g = waiting.pop(); g; g = waiting.pop()) {
      const key = JSON.stringify(g);
      if (found.has(key)) continue;
      found.set(key, g);
      for (const generator of group.generators(small)) waiting.push(group.compose(generator, g));
    }
    expect(found.size).toBe(group.order(small));
  });

  it('generators of continuous groups belong to them and differ from the identity', () => {
    for (const spec of specs) {
      const group = createGroup(spec);
      for (const generator of group.generators(sizes)) {
        expect(group.describe(generator)).not.toBe('identity');
        expect(
          distance(group.compose(generator, group.inverse(generator)), group.identity(sizes)),
        ).toBeLessThan(1e-13);
      }
    }
  });
});

describe('rounding', () => {
  const deviation = (matrix: readonly number[], n: number): number => {
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += matrix[k * n + i]! * matrix[k * n + j]!;
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    return worst;
  };

  it.each([2, 3] as const)('drawn rotations in %i dimensions are orthogonal to 1e-15', (dim) => {
    const group = createGroup({ kind: 'O', dim });
    const random = randomFromSeed(11);
    for (let i = 0; i < 2000; i++) {
      const g = group.sample(random, {}) as Extract<GroupElement, { kind: 'euclidean' }>;
      expect(deviation(g.matrix, dim)).toBeLessThanOrEqual(1e-15);
    }
  });

  it('stays orthogonal through a chain of 20,000 compositions', () => {
    const group = createGroup({ kind: 'SO', dim: 3 });
    const random = randomFromSeed(12);
    const factors = Array.from({ length: 10 }, () => group.sample(random, {}));
    let g = group.identity({});
    for (let i = 0; i < 20_000; i++) g = group.compose(factors[i % 10]!, g);
    expect(deviation((g as Extract<GroupElement, { kind: 'euclidean' }>).matrix, 3)).toBeLessThanOrEqual(
      1e-15,
    );
  });

  /** Largest entry of L^T eta L - eta, relative to the square of L's largest entry. */
  const metricError = (l: readonly number[]): number => {
    const eta = [1, -1, -1, -1];
    let worst = 0;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let sum = i === j ? -eta[i]! : 0;
        for (let k = 0; k < 4; k++) sum += eta[k]! * l[4 * k + i]! * l[4 * k + j]!;
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    return worst / Math.max(...l.map(Math.abs)) ** 2;
  };

  it('keeps the metric in Lorentz elements, drawn and composed; energy stays positive', () => {
    const group = createGroup({ kind: 'Lorentz', rapidity: 2 });
    const random = randomFromSeed(13);
    for (let i = 0; i < 500; i++) {
      const g = group.sample(random, {});
      const gh = group.compose(g, group.sample(random, {}));
      for (const element of [g, gh, group.inverse(gh)]) {
        expect(metricError(numbers(element))).toBeLessThan(2e-15);
        expect(numbers(element)[0]).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('keeps the metric through a long chain of boosts there and back', () => {
    const group = createGroup({ kind: 'Lorentz', rapidity: 1 });
    const random = randomFromSeed(14);
    let g = group.identity({});
    for (let i = 0; i < 2000; i++) {
      const h = group.sample(random, {});
      const k = group.sample(random, {});
      for (const factor of [h, k, group.inverse(h), group.inverse(group.compose(k, group.identity({})))]) {
        g = group.compose(factor, g);
      }
      // The commutator of boosts wanders off; return before energies leave the range of a check.
      if (numbers(g)[0]! > 20) g = group.compose(group.inverse(g), g);
      expect(metricError(numbers(g))).toBeLessThan(2e-15);
    }
  });
});
