/** The search for the worst case: it climbs, stays inside the declared range, and its witness replays. */
import { describe, expect, test } from 'vitest';
import { elementsOf } from '../group/elements.ts';
import type { GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import { act } from '../representation/index.ts';
import { real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { neighbour } from './neighbour.ts';
import { check, dataOf, functionModel, number, position, SO3, scalar, type, vector } from './testing.ts';

const v = type(vector);
const single = dataOf({ v }, { count: 2 });
/** 1 + a peak of |v|-relative width about a direction, invisible from elsewhere. */
const peaked = (power: number) =>
  functionModel(
    { v },
    {
      s: {
        type: type(scalar),
        compute: ({ v: own }) => {
          const [x, y, z] = own as unknown as [number, number, number];
          const along = (0.48 * x + 0.6 * y + 0.64 * z) / Math.hypot(x, y, z);
          return number(1 + Math.exp(power * (along - 1)));
        },
      },
    },
  );

describe('on rotations', () => {
  test('comes within 1 % of the largest gap there is', async () => {
    const drawn = await check(peaked(40), single, SO3, { elements: 8 });
    const searched = await check(peaked(40), single, SO3, { elements: 8, search: 'worst' });
    const [{ gap, search, worst, exceedance, largestGap }] = searched.outputs as [
      (typeof searched.outputs)[number],
    ];
    // The scale is about 1, and the peak is 1 high.
    expect(gap).toBeGreaterThan(0.99 / searched.outputs[0]!.scale);
    expect(search).toMatchObject({ decides: true, exhaustive: false, gap });
    expect(search!.evaluations).toBeLessThan(513 + 40 * 8 * 8);
    expect(worst!.draw).toBeUndefined();
    // What was drawn, and what is said about it, is as without the search.
    expect(exceedance).toEqual(drawn.outputs[0]!.exceedance);
    expect(largestGap).toBe(drawn.outputs[0]!.largestGap);
    expect(gap).toBeGreaterThan(2 * largestGap);
  });

  test('breaks a verdict that the draws have not broken, and its witness replays alone', async () => {
    const options = { elements: 4, within: 0.5, seed: 1 };
    expect((await check(peaked(40), single, SO3, options)).verdict).toBe('holds');
    const { outputs, verdict } = await check(peaked(40), single, SO3, { ...options, search: 'worst' });
    expect(verdict).toBe('violated');
    expect(outputs[0]!.reason).toMatch(/, found by search$/);
    expect(outputs[0]!.exceedance.count).toBe(0);
    const { sample, element } = outputs[0]!.worst!;
    const written = JSON.parse(JSON.stringify(element));
    const again = await check(peaked(40), single, SO3, { ...options, replay: { sample, element: written } });
    expect(again.outputs[0]).toMatchObject({ verdict: 'violated', gap: outputs[0]!.gap });
    expect(again.outputs[0]!.worst).toEqual(outputs[0]!.worst);
  });

  test('is the same for the same seed', async () => {
    const options = { elements: 4, search: 'worst' } as const;
    const [a, b] = [
      await check(peaked(9), single, SO3, options),
      await check(peaked(9), single, SO3, options),
    ];
    expect(a.outputs).toEqual(b.outputs);
  });
});

test('a small finite group is tried in full', async () => {
  const signal = type(scalar, 'point');
  const first = functionModel(
    { signal },
    { s: { type: type(scalar), compute: ({ signal: own }) => number(own![7]!) } },
  );
  const data = dataOf({ signal }, { count: 3 });
  const group: GroupSpec = { kind: 'shift', index: 'point' };
  const { outputs } = await check(first, data, group, { elements: 1, search: 'worst' });
  expect(outputs[0]!.search).toMatchObject({ exhaustive: true, evaluations: 36 });
  const largest = Math.max(
    ...data.samples.flatMap(({ values }) =>
      [...values.signal!.data].map((x) => Math.abs(x - values.signal!.data[7]!)),
    ),
  );
  expect(outputs[0]!.gap).toBeCloseTo(largest / outputs[0]!.scale, 6);
});

test('all elements of a product, each once', () => {
  const group = createGroup({
    kind: 'product',
    factors: [
      { kind: 'S', index: 'a' },
      { kind: 'Z2', index: 'b' },
      { kind: 'shift', index: 'c' },
    ],
  });
  const sizes = { a: 4, b: 3, c: 5 };
  const all = elementsOf(group, sizes, 1000)!;
  expect(all).toHaveLength(24 * 8 * 5);
  expect(all[0]).toEqual(group.identity(sizes));
  expect(elementsOf(group, sizes, 959)).toBeUndefined();
  expect(elementsOf(createGroup(SO3), {}, 959)).toBeUndefined();
  expect(elementsOf(createGroup({ kind: 'D', n: 6 }), {}, 959)).toHaveLength(12);
});

describe('neighbours', () => {
  const sizes = { point: 9, mode: 4 };
  test.each<[string, GroupSpec]>([
    [
      'E(3) * S',
      {
        kind: 'product',
        factors: [
          { kind: 'E', dim: 3, scale: 2 },
          { kind: 'S', index: 'point' },
        ],
      },
    ],
    ['SE(2)', { kind: 'SE', dim: 2, scale: 0.5 }],
    ['T(3)', { kind: 'T', dim: 3, scale: 4 }],
    ['Lorentz', { kind: 'Lorentz', rapidity: 2 }],
    [
      'Z2 * shift',
      {
        kind: 'product',
        factors: [
          { kind: 'Z2', index: 'mode' },
          { kind: 'shift', index: 'point' },
        ],
      },
    ],
    ['D(5)', { kind: 'D', n: 5 }],
  ])('of %s differ, are of the group and of its range', (_, spec) => {
    const group = createGroup(spec);
    const random = randomFromSeed(5);
    let element = group.sample(random, sizes);
    let changes = 0;
    for (let step = 0; step < 60; step++) {
      const next = neighbour(group, element, [0.5, 0.05, 0.001][step % 3]!, random);
      if (JSON.stringify(next) !== JSON.stringify(element)) changes++;
      // The inverse undoes it to the last digits, so nothing has drifted out of the group.
      const identity = group.compose(next, group.inverse(next));
      const parts = identity.kind === 'product' ? identity.factors : [identity];
      for (const part of parts) {
        if (part.kind === 'euclidean') {
          const x = real([3], [1, 2, 3]);
          const moved = part.dim === 3 ? act(part, x, type(position)) : x;
          expect(Math.max(...moved.data.map((y, i) => Math.abs(y - x.data[i]!)))).toBeLessThan(1e-13);
        }
      }
      for (const part of next.kind === 'product' ? next.factors : [next]) {
        if (part.kind === 'euclidean' && 'scale' in spec)
          expect(Math.max(...part.translation.map(Math.abs))).toBeLessThanOrEqual(spec.scale);
        if (part.kind === 'lorentz') expect(Math.acosh(part.matrix[0]!)).toBeLessThanOrEqual(2);
        if (part.kind === 'permutation')
          expect([...part.order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      }
      element = next;
    }
    expect(changes).toBeGreaterThan(40);
  });
});

describe('an element to replay', () => {
  const replay = (element: object) =>
    check(peaked(9), single, SO3, { replay: { sample: 0, element: element as never } });
  const rotation = createGroup(SO3).sample(randomFromSeed(1), {});

  test('has to be one of the group', async () => {
    const skewed = { ...rotation, matrix: [1, 0.1, 0, 0, 1, 0, 0, 0, 1] };
    await expect(replay(skewed)).rejects.toMatchObject({
      finding: { code: 'verify/replay-element', found: 'its matrix is not orthogonal, by 0.1' },
    });
    await expect(replay({ kind: 'shift', index: 'a', by: 1, size: 2 })).rejects.toMatchObject({
      finding: { code: 'group/element-does-not-fit' },
    });
    expect((await replay(rotation)).outputs[0]!.exceedance.draws).toBe(1);
  });
});
