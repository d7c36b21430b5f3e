/** Cell lists against looking at every pair. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomFromSeed } from '../../tensor/index.ts';
import { nearestNeighbours, radiusGraph, radiusGraphCost } from './index.ts';

function points(count: number, dim: number, seed: number, scale = 1): Float64Array {
  const random = randomFromSeed(seed);
  return Float64Array.from({ length: count * dim }, () => scale * (random.uniform() - 0.3));
}

function allPairs(
  positions: Float64Array,
  dim: number,
  radius: number,
  loops: boolean,
  box?: number[],
): string[] {
  const found: string[] = [];
  const count = positions.length / dim;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (i === j && !loops) continue;
      let squared = 0;
      for (let a = 0; a < dim; a++) {
        const apart = positions[j * dim + a]! - positions[i * dim + a]!;
        const short = box
          ? Math.min(...Array.from({ length: 17 }, (_, n) => n - 8).map((n) => Math.abs(apart + n * box[a]!)))
          : apart;
        squared += short ** 2;
      }
      if (squared <= radius ** 2) found.push(`${j}>${i}`);
    }
  }
  return found;
}

const texts = ({ senders, receivers }: { senders: Int32Array; receivers: Int32Array }): string[] =>
  Array.from(senders, (sender, e) => `${sender}>${receivers[e]}`);

test('within a radius: any number of points, dimension, radius and scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: 0.01, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      fc.boolean(),
      (count, dim, radius, seed, loops) => {
        const positions = points(count, dim, seed);
        expect(texts(radiusGraph(positions, dim, radius, { loops }))).toEqual(
          allPairs(positions, dim, radius, loops),
        );
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});

test('in a periodic box: pairs, and the images that are near', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.double({ min: 0.5, max: 2.2, noNaN: true }), { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0.05, max: 0.25, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      (count, box, radius, seed) => {
        const dim = box.length;
        const positions = points(count, dim, seed, 3);
        const edges = radiusGraph(positions, dim, radius, { box });
        expect(texts(edges)).toEqual(allPairs(positions, dim, radius, false, box));
        edges.senders.forEach((sender, e) => {
          let squared = 0;
          for (let a = 0; a < dim; a++) {
            const image = positions[sender * dim + a]! + edges.images![e * dim + a]! * box[a]!;
            squared += (image - positions[edges.receivers[e]! * dim + a]!) ** 2;
          }
          expect(Math.sqrt(squared)).toBeLessThanOrEqual(radius * (1 + 1e-12));
        });
      },
    ),
    { numRuns: 200, seed: 2 },
  );
});

test('nearest neighbours: any number of points, dimension and neighbours, also on a lattice', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.boolean(),
      fc.boolean(),
      (count, dim, neighbours, seed, loops, lattice) => {
        const raw = points(count, dim, seed, lattice ? 4 : 1);
        const positions = lattice ? raw.map(Math.round) : raw;
        const expected: string[] = [];
        for (let i = 0; i < count; i++) {
          const others = Array.from({ length: count }, (_, j) => j).filter((j) => loops || j !== i);
          const far = (j: number): number => {
            let squared = 0;
            for (let a = 0; a < dim; a++) squared += (positions[j * dim + a]! - positions[i * dim + a]!) ** 2;
            return squared;
          };
          others.sort((a, b) => far(a) - far(b) || a - b);
          for (const j of others.slice(0, neighbours)) expected.push(`${j}>${i}`);
        }
        expect(texts(nearestNeighbours(positions, dim, neighbours, { loops }))).toEqual(expected);
      },
    ),
    { numRuns: 200, seed: 3 },
  );
});

test('far outliers and points on one line take no more cells than points', () => {
  const positions = points(3000, 3, 4);
  positions[0] = 1e9;
  expect(radiusGraph(positions, 3, 0.05).senders.length).toBeGreaterThan(0);
  const line = Float64Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? i : 0));
  expect(radiusGraph(line, 3, 3).senders.length).toBe(2 * 999);
});

test('a radius of nothing and a box that is too small are refused', () => {
  expect(() => radiusGraph(points(2, 3, 1), 3, 0)).toThrow('a radius above 0, not 0');
  expect(() => radiusGraph(points(2, 3, 1), 3, 1, { box: [3, 1.5, 3] })).toThrow(
    'lengths of at least twice the radius 1, not [3,1.5,3]',
  );
  expect(() => nearestNeighbours(points(2, 3, 1), 3, 0)).toThrow('a positive integer, not 0');
});

test('its cost is linear in the edges', () => {
  const once = radiusGraphCost(100, 1000, 3);
  expect(radiusGraphCost(200, 2000, 3)).toEqual({ flops: 2 * once.flops, bytes: 2 * once.bytes });
});
