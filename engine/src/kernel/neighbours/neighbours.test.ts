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

test('nearest neighbours in a periodic box: distances to the nearest images, each point once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.double({ min: 0.2, max: 3, noNaN: true }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.boolean(),
      (count, box, neighbours, seed, loops) => {
        const dim = box.length;
        const positions = points(count, dim, seed, 3);
        const edges = nearestNeighbours(positions, dim, neighbours, { box, loops });
        const near = (j: number, i: number): number => {
          let squared = 0;
          for (let a = 0; a < dim; a++) {
            const apart = positions[j * dim + a]! - positions[i * dim + a]!;
            squared += (apart - box[a]! * Math.round(apart / box[a]!)) ** 2;
          }
          return Math.sqrt(squared);
        };
        const each = Math.min(neighbours, loops ? count : count - 1);
        expect(Array.from(edges.receivers)).toEqual(
          Array.from({ length: count * each }, (_, e) => Math.floor(e / each)),
        );
        for (let i = 0; i < count; i++) {
          const own = edges.senders.slice(i * each, (i + 1) * each);
          expect(new Set(own).size).toBe(each);
          const others = Array.from({ length: count }, (_, j) => j).filter((j) => loops || j !== i);
          const distances = others.map((j) => near(j, i)).sort((a, b) => a - b);
          for (let n = 0; n < each; n++) {
            const e = i * each + n;
            expect(near(own[n]!, i)).toBeCloseTo(distances[n]!, 12);
            let squared = 0;
            for (let a = 0; a < dim; a++) {
              const image = positions[own[n]! * dim + a]! + edges.images![e * dim + a]! * box[a]!;
              squared += (image - positions[i * dim + a]!) ** 2;
            }
            expect(Math.sqrt(squared)).toBeCloseTo(distances[n]!, 12);
          }
        }
      },
    ),
    { numRuns: 200, seed: 4 },
  );
});

test('in a periodic lattice every point has its six nearest at one distance, across the faces too', () => {
  const side = 6;
  const lattice = Float64Array.from({ length: 3 * side ** 3 }, (_, n) => {
    const i = Math.floor(n / 3);
    return [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side][n % 3]!;
  });
  const { senders, receivers, images } = nearestNeighbours(lattice, 3, 6, { box: [side, side, side] });
  expect(senders.length).toBe(6 * side ** 3);
  senders.forEach((sender, e) => {
    const apart = [0, 1, 2].map(
      (a) => lattice[3 * sender + a]! + images![3 * e + a]! * side - lattice[3 * receivers[e]! + a]!,
    );
    expect(Math.hypot(...apart)).toBe(1);
  });
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
  for (const box of [
    [1, 2],
    [1, 0, 2],
    [1, Number.NaN, 1],
  ]) {
    expect(() => nearestNeighbours(points(2, 3, 1), 3, 1, { box })).toThrow(
      `a box of 3 positive lengths, not [${box}]`,
    );
  }
});

test('its cost is linear in the edges', () => {
  const once = radiusGraphCost(100, 1000, 3);
  expect(radiusGraphCost(200, 2000, 3)).toEqual({ flops: 2 * once.flops, bytes: 2 * once.bytes });
});
