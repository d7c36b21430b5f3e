/** "Is it my test or my model?": every slip of a declaration that the verifier knows, made on purpose. */
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import type { Group, GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import { type NdArray, real } from '../tensor/array.ts';
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

const codes = async (...request: Parameters<typeof check>) =>
  (await check(...request)).findings.map(({ code }) => code);

const points = type(position, 'point');
const vectors = type(vector, 'point');
const symmetric: GroupSpec = { kind: 'product', factors: [SO3, { kind: 'S', index: 'point' }] };

describe('the violation comes from the declaration', () => {
  test('a cell that is declared as numbers: rows that are vectors', async () => {
    const cell = type(scalar, 3, 3);
    const types = { positions: points, cell };
    const model = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ positions, cell: own }, round) =>
          number(pairEnergy(positions!, round) + dots(positions!, own!.subarray(0, 3), round) ** 2),
      },
    });
    // Positions are about their centroid, so that the model is invariant when the cell turns with them.
    const { verdict, findings } = await check(model, dataOf(types), symmetric);
    expect(verdict).toBe('violated');
    expect(findings[0]).toMatchObject({
      code: 'verify/passes-with-action',
      severity: 'warning',
      redeclare: { field: 'cell', input: 'cell', type: 'vector[3]' },
    });
    expect(findings[0]!.message).toBe(
      'the violation is gone when the input `cell` is transformed as rows that are vectors: is it declared as it is?',
    );
  });

  test('a constant that has to turn', async () => {
    const types = { positions: points, field: type({ kind: 'constant' }, 3) };
    const model = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ positions, field }, round) => number(dots(positions!, field!, round)),
      },
    });
    const { findings } = await check(model, dataOf(types), SO3);
    expect(findings[0]).toMatchObject({
      code: 'verify/passes-with-action',
      redeclare: { field: 'field', type: 'vector' },
    });
  });

  test('a vector that is numbers to the model', async () => {
    const types = { positions: vectors, spin: vectors };
    const model = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ positions, spin }, round) => number(pairEnergy(positions!, round) + 9 * spin![0]!),
      },
    });
    const { findings } = await check(model, dataOf(types), SO3);
    expect(findings.map(({ code }) => code)).toEqual(['verify/passes-untransformed']);
    expect(findings[0]!.redeclare).toEqual({ field: 'spin', input: 'spin', type: 'scalar[point, 3]' });
  });

  test('a displacement declared as a point, and the other way round', async () => {
    const raw = functionModel(
      { positions: points },
      {
        energy: {
          type: type(scalar),
          compute: ({ positions }, round) => number(dots(positions!, positions!, round)),
        },
      },
    );
    expect(await codes(raw, dataOf({ positions: points }), SE3)).toEqual(['verify/passes-as-vector']);

    const types = { positions: points, anchor: type(vector) };
    const anchored = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ positions, anchor }, round) =>
          number(pairEnergy(Float64Array.from([...positions!, ...anchor!]), round)),
      },
    });
    // Either slip explains it: all points, or displacements all.
    expect((await codes(anchored, dataOf(types), SE3)).sort()).toEqual([
      'verify/passes-as-position',
      'verify/passes-as-vector',
    ]);
  });

  test('an output that is invariant, one of the other parity, one that turns the other way', async () => {
    const norms = functionModel(
      { positions: vectors },
      {
        forces: {
          type: vectors,
          compute: ({ positions }, round) =>
            real(
              [12, 3],
              positions!.map((_, i) => {
                const from = i - (i % 3);
                const [x, y, z] = positions!.subarray(from, from + 3) as unknown as [number, number, number];
                return round(round(x * x) + round(y * y) + round(z * z));
              }),
            ),
        },
      },
    );
    const data = dataOf({ positions: vectors });
    const [invariant] = (await check(norms, data, SO3)).findings;
    expect(invariant).toMatchObject({
      code: 'verify/passes-untransformed',
      redeclare: { output: 'forces', type: 'scalar[point, 3]' },
    });

    const cross = ({ a, b }: Readonly<Record<string, Float64Array>>): NdArray =>
      real(
        [3],
        [
          a![1]! * b![2]! - a![2]! * b![1]!,
          a![2]! * b![0]! - a![0]! * b![2]!,
          a![0]! * b![1]! - a![1]! * b![0]!,
        ],
      );
    const pair = { a: type(vector), b: type(vector) };
    const torque = functionModel(pair, { torque: { type: type(vector), compute: cross } });
    const { findings } = await check(torque, dataOf(pair), { kind: 'O', dim: 3 });
    const parities = findings.filter(({ code }) => code === 'verify/passes-as-other-parity');
    expect(parities.map(({ redeclare }) => redeclare)).toContainEqual({
      output: 'torque',
      type: 'pseudovector',
    });
    expect(parities).toHaveLength(3);
  });

  test('an output that turns the other way', async () => {
    const plane = type({ kind: 'vector', dim: 2 });
    const conjugate = functionModel(
      { z: plane },
      { w: { type: plane, compute: ({ z }) => real([2], [z![0]!, -z![1]!]) } },
    );
    const { findings } = await check(conjugate, dataOf({ z: plane }), { kind: 'SO', dim: 2 });
    expect(findings.map(({ code }) => code)).toContain('verify/passes-transposed');
    expect(findings.find(({ code }) => code === 'verify/passes-transposed')!.redeclare).toBeUndefined();
  });

  test('a matrix whose columns are the vectors, declared by rows', async () => {
    const types = { a: type(vector), frame: type(vector, 3) };
    const model = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ a, frame }) =>
          number(
            [0, 1, 2].reduce(
              (sum, j) =>
                sum + (j + 1) * [0, 1, 2].reduce((dot, i) => dot + a![i]! * frame![3 * i + j]!, 0) ** 2,
              0,
            ),
          ),
      },
    });
    const { findings } = await check(model, dataOf(types), SO3);
    expect(
      findings.filter(({ code }) => code.startsWith('verify/passes')).map(({ message }) => message),
    ).toEqual([
      'the violation is gone when the input `frame` is transformed as columns that are vectors, not rows: is it declared as it is?',
    ]);
  });

  test('an axis of as many entries as there are points, which the model pairs with them', async () => {
    const types = { positions: points, charge: type(scalar, 12) };
    const model = functionModel(types, {
      energy: {
        type: type(scalar),
        compute: ({ positions, charge }, round) =>
          number(charge!.reduce((sum, q, i) => round(sum + round(q * positions![3 * i]!)), 0)),
      },
    });
    const { findings } = await check(model, dataOf(types), { kind: 'S', index: 'point' });
    expect(findings[0]).toMatchObject({
      code: 'verify/passes-permuted',
      redeclare: { field: 'charge', type: 'scalar[point]' },
    });
  });
});

describe('the violation comes from the model', () => {
  const leak = functionModel(
    { positions: points },
    {
      energy: {
        type: type(scalar),
        compute: ({ positions }, round) => number(pairEnergy(positions!, round) + positions![0]!),
      },
    },
  );

  test('no declaration is blamed, also where permutations would still move the points', async () => {
    expect(await codes(leak, dataOf({ positions: points }), SE3)).toEqual([]);
    expect(await codes(leak, dataOf({ positions: points }), SO3)).toEqual([]);
    const group: GroupSpec = { kind: 'product', factors: [SE3, { kind: 'S', index: 'point' }] };
    expect(await codes(leak, dataOf({ positions: points }), group)).toEqual([]);
  });

  test('constants are only named', async () => {
    const types = { positions: points, label: type({ kind: 'constant' }) };
    const { compute } = {
      compute: ({ positions }: Readonly<Record<string, Float64Array>>) => number(positions![0]!),
    };
    const model = functionModel(types, { energy: { type: type(scalar), compute } });
    expect(await codes(model, dataOf(types), SO3)).toEqual(['verify/undeclared-action']);
  });
});

describe('samples that cannot tell', () => {
  const energy = functionModel(
    { positions: points },
    {
      energy: {
        type: type(scalar),
        compute: ({ positions }, round) => number(pairEnergy(positions!, round)),
      },
    },
  );
  const shaped = (size: number, keep: readonly number[]): Dataset => {
    const data = dataOf({ positions: points }, { size });
    for (const { values } of data.samples) {
      const own = values.positions!.data;
      for (let i = 0; i < own.length; i++) if (!keep.includes(i % 3)) own[i] = 0.5;
    }
    return data;
  };

  test.each([
    [12, [0, 1, 2], []],
    [12, [0, 1], ['verify/input-planar']],
    [12, [1], ['verify/input-collinear']],
    [3, [0, 1, 2], ['verify/input-too-small']],
    [1, [0, 1, 2], ['verify/input-too-small']],
  ])('%d points along axes %j: %j', async (size, keep, expected) => {
    expect(await codes(energy, shaped(size, keep), SE3)).toEqual(
      size === 1 ? expect.arrayContaining(expected) : expected,
    );
  });

  test('a plane in any direction is seen, and one sample with depth is enough', async () => {
    const group = createGroup(SO3);
    const data = shaped(12, [0, 1]);
    const tilted: Dataset = {
      ...data,
      samples: data.samples.map((sample) => {
        const own = sample.values.positions!;
        const tilt = own.data.map((value, i) =>
          i % 3 === 2 ? own.data[i - 2]! + 2 * own.data[i - 1]! : value,
        );
        return { ...sample, values: { positions: { ...own, data: tilt } } };
      }),
    };
    expect(await codes(energy, tilted, group)).toEqual(['verify/input-planar']);
    const full = dataOf({ positions: points });
    const mixed = { ...tilted, samples: [...tilted.samples, full.samples[0]!] };
    expect(await codes(energy, mixed, group)).toEqual([]);
  });

  test('nothing that moves: any model passes, and that is said', async () => {
    const data = dataOf({ positions: points }, { size: 1 });
    expect(await codes(energy, data, { kind: 'S', index: 'point' })).toContain('verify/nothing-moves');
  });
});

describe('the action itself', () => {
  const norm = functionModel(
    { positions: vectors },
    {
      energy: {
        type: type(scalar),
        compute: ({ positions }, round) => number(dots(positions!, positions!, round)),
      },
    },
  );

  test('is tried before the model, and its error is rounding', async () => {
    const { action } = await check(norm, dataOf({ positions: vectors }), SO3);
    expect(action.elements).toBe(4);
    expect(action.error).toBeLessThan(1e-14);
    expect(action.error).toBeGreaterThan(0);
  });

  test.each([
    ['an inverse that is none', { inverse: (g) => g }],
    ['products in the wrong order', {}],
    ['a matrix that is no rotation', {}],
  ] as [string, Partial<Group>][])('%s stops the check', async (name, broken) => {
    const right = createGroup(SO3);
    const wrong: Group = {
      ...right,
      ...broken,
      ...(name.startsWith('products') ? { compose: (g, h) => right.compose(h, g) } : {}),
      ...(name.startsWith('a matrix')
        ? {
            sample: (random, sizes) => {
              const g = right.sample(random, sizes);
              return g.kind === 'euclidean' ? { ...g, matrix: g.matrix.map((x) => 1.01 * x) } : g;
            },
            inverse: (g) =>
              g.kind === 'euclidean'
                ? ({
                    ...right.inverse(g),
                    matrix: (right.inverse(g) as typeof g).matrix.map((x) => x / 1.01 ** 2),
                  } as typeof g)
                : g,
            compose: (g, h) => {
              const product = right.compose(g, h);
              return product.kind === 'euclidean' ? { ...product, matrix: product.matrix } : product;
            },
          }
        : {}),
    };
    await expect(check(norm, dataOf({ positions: vectors }), wrong)).rejects.toMatchObject({
      finding: { code: 'verify/not-an-action' },
    });
  });

  test('of turned images is not exact, and how much is measured', async () => {
    const image = type({ kind: 'image' }, 12, 12);
    const mean = functionModel(
      { tile: image },
      {
        mean: {
          type: type(scalar),
          compute: ({ tile }, round) => number(tile!.reduce((a, b) => round(a + b * b), 0)),
        },
      },
    );
    const replay = { sample: 0, draw: 0 };
    const { findings } = await check(mean, dataOf({ tile: image }), { kind: 'C', n: 8 }, { replay });
    expect(findings[0]).toMatchObject({ code: 'verify/action-resamples', severity: 'information' });
    // A whole check comes apart into what is exact and what is between the pixels.
    expect(await codes(mean, dataOf({ tile: image }), { kind: 'C', n: 8 })).toContain(
      'verify/between-pixels',
    );
    expect(await codes(mean, dataOf({ tile: image }), { kind: 'C', n: 4 })).toEqual([]);
  });
});
