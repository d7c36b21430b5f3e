/** Which directions hold: models that break one and keep the others. */
import { describe, expect, test } from 'vitest';
import type { GroupSpec } from '../group/group.ts';
import { real } from '../tensor/array.ts';
import {
  check,
  dataOf,
  dots,
  functionModel,
  number,
  pairEnergy,
  position,
  SE3,
  SO3,
  scalar,
  type,
  vector,
} from './testing.ts';

const points = type(position, 'point');
const data = dataOf({ positions: points });
const energy = (leak: (p: Float64Array) => number, precisions?: ['float32']) =>
  functionModel(
    { positions: points },
    {
      energy: {
        type: type(scalar),
        compute: ({ positions }, round) => number(round(pairEnergy(positions!, round) + leak(positions!))),
      },
    },
    precisions,
  );

const holding = async (...request: Parameters<typeof check>) => {
  const { directions = [] } = await check(...request);
  return Object.fromEntries(directions.map(({ direction, holds }) => [direction, holds]));
};

describe('a preferred axis', () => {
  const tall = (p: Float64Array) => {
    const mean = p.reduce((sum, z, i) => sum + (i % 3 === 2 ? z / (p.length / 3) : 0), 0);
    return p.reduce((sum, z, i) => sum + (i % 3 === 2 ? (z - mean) ** 2 : 0), 0);
  };

  test.each([[undefined], [['float32'] as ['float32']]])(
    'turns about it hold, others do not (%s)',
    async (precisions) => {
      expect(await holding(energy(tall, precisions), data, SE3)).toEqual({
        'rotation about x': false,
        'rotation about y': false,
        'rotation about z': true,
        'translation along x': true,
        'translation along y': true,
        'translation along z': true,
      });
    },
  );

  test('the rate is the derivative', async () => {
    const linear = functionModel(
      { v: type(vector) },
      { energy: { type: type(scalar), compute: ({ v }) => number(v![0]!) } },
    );
    const single = dataOf({ v: type(vector) }, { count: 1 });
    const [vx, vy, vz] = single.samples[0]!.values.v!.data as unknown as [number, number, number];
    const { directions } = await check(linear, single, SO3);
    const rates = Object.fromEntries(directions!.map(({ direction, rate }) => [direction, rate]));
    // d/dt of x is 0, z, -y under turns about x, y, z.
    expect(rates['rotation about x']).toBe(0);
    expect(rates['rotation about y']).toBeCloseTo(Math.abs(vz / vx), 5);
    expect(rates['rotation about z']).toBeCloseTo(Math.abs(vy / vx), 5);
    expect(directions![0]!.unit).toBe('radian');
  });
});

test('a break that only large motions show has no rate and a gap', async () => {
  // The points' mean jumps from one branch to the other a good way off.
  const far = energy((p) => (p.reduce((sum, x, i) => sum + (i % 3 === 0 ? x : 0), 0) > 12 ? 50 : 0));
  const { directions } = await check(far, data, SE3, { elements: 64 });
  const x = directions!.find(({ direction }) => direction === 'translation along x')!;
  expect(x).toMatchObject({ holds: false, rate: expect.closeTo(0, 5) });
  expect(x.gap).toBeGreaterThan(0.01);
  expect(directions!.find(({ direction }) => direction === 'translation along y')!.holds).toBe(true);
});

test('mirrors and permutations have one element each', async () => {
  const chiral = energy((p) => 10 * (p[0]! - p[3]!) * (p[4]! - p[7]!) * (p[8]! - p[11]!));
  const group: GroupSpec = {
    kind: 'product',
    factors: [
      { kind: 'O', dim: 3 },
      { kind: 'S', index: 'point' },
    ],
  };
  const { directions } = await check(chiral, data, group);
  const names = directions!.map(({ direction }) => direction);
  expect(names).toEqual([
    'rotation about x',
    'rotation about y',
    'rotation about z',
    'mirror along x',
    'swap of two in point',
    'cycle through point',
  ]);
  expect(directions![3]).toEqual({
    direction: 'mirror along x',
    output: 'energy',
    holds: false,
    gap: expect.any(Number),
  });
  expect(directions![4]!.holds).toBe(false);
});

test('boosts and turns of four-vectors', async () => {
  const jets = type({ kind: 'fourvector' }, 'point');
  const transverse = functionModel(
    { jets },
    {
      mass: {
        type: type(scalar),
        compute: ({ jets: p }, round) => {
          let sum = 0;
          for (let i = 0; i < p!.length; i += 4) sum = round(sum + round(p![i + 1]! ** 2 + p![i + 2]! ** 2));
          return number(sum);
        },
      },
    },
  );
  expect(await holding(transverse, dataOf({ jets }), { kind: 'Lorentz', rapidity: 1 })).toEqual({
    'rotation about x': false,
    'rotation about y': false,
    'rotation about z': true,
    'boost along x': false,
    'boost along y': false,
    'boost along z': true,
  });
});

test('vectors as outputs follow, and quarter turns are one element', async () => {
  const vectors = type(vector, 'point');
  const own = dataOf({ a: vectors });
  const half = functionModel(
    { a: vectors },
    {
      b: {
        type: vectors,
        compute: ({ a }) =>
          real(
            [12, 3],
            a!.map((x, i) => (i % 3 === 2 ? 2 * x : x)),
          ),
      },
    },
  );
  expect(await holding(half, own, SO3)).toEqual({
    'rotation about x': false,
    'rotation about y': false,
    'rotation about z': true,
  });
  const wide = functionModel(
    { a: vectors },
    {
      s: {
        type: type(scalar),
        compute: ({ a }, round) =>
          number(
            dots(
              a!.map((x, i) => (i % 3 === 0 ? 2 * x : x)),
              a!,
              round,
            ),
          ),
      },
    },
  );
  expect(await holding(wide, own, { kind: 'D', n: 4 })).toEqual({
    'turn by 90 degrees': false,
    'mirror along x': true,
  });
});

test('what holds has no table', async () => {
  expect(
    (
      await check(
        energy(() => 0),
        data,
        SE3,
      )
    ).directions,
  ).toBeUndefined();
});
