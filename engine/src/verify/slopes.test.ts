/** The slope of the squared gap, against differences of the squared gap itself, on all kinds of groups and fields. */
import { expect, test } from 'vitest';
import type { GroupElement, GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import type { Model } from '../model/model.ts';
import { act } from '../representation/index.ts';
import { parseIrreps } from '../representation/irreps.ts';
import type { FieldType } from '../signature.ts';
import { type NdArray, real, type Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { chartSize, elementAt } from './chart.ts';
import { distance } from './gap.ts';
import { evaluatePairs, evaluateSamples, settingOf } from './pairs.ts';
import { slopesOf } from './slopes.ts';
import { dataOf, functionModel, position, type, vector } from './testing.ts';

/** out_i = tanh of a fixed mixture of all entries, as a field of another type; with its product of cotangent and Jacobian. */
function mixing(input: FieldType, output: FieldType, entries: number): Model {
  const weight = (i: number, j: number) => 0.3 * Math.sin(1 + 3 * i + 7 * j);
  const sums = (x: ArrayLike<number>) =>
    Array.from({ length: entries }, (_, i) =>
      Array.from(x).reduce((sum, own, j) => sum + weight(i, j) * own, 0),
    );
  const shape = output.axes.length > 0 ? [4, entries / 4] : [entries];
  const plain = functionModel(
    { x: input },
    { y: { type: output, compute: ({ x }) => real(shape, sums(x!).map(Math.tanh)) } },
    ['float64'],
  );
  return {
    ...plain,
    async gradient(batch, cotangents) {
      return batch.map(({ x }, k) => {
        const outer = sums(x!.data).map((s, i) => cotangents[k]!.y!.data[i]! / Math.cosh(s) ** 2);
        const data = Float64Array.from(x!.data, (_, j) =>
          outer.reduce((sum, own, i) => sum + own * weight(i, j), 0),
        );
        return { x: { shape: x!.shape, data } };
      });
    },
  };
}

const fourvector = type({ kind: 'fourvector' }, 'point');
const irreps = type({ kind: 'irreps', irreps: parseIrreps('0e + 1o + 2e + 3o') });
const tensor = type({ kind: 'tensor', rank: 2, dim: 3 });

test.each<[string, GroupSpec, FieldType, FieldType, number, number]>([
  [
    'SE(3), positions to positions',
    { kind: 'SE', dim: 3, scale: 2 },
    type(position, 'point'),
    type(position, 'point'),
    12,
    6,
  ],
  ['O(3), vectors to irreps', { kind: 'O', dim: 3 }, type(vector, 'point'), irreps, 16, 3],
  ['SO(3), vectors to a tensor', { kind: 'SO', dim: 3 }, type(vector, 'point'), tensor, 9, 3],
  ['Lorentz, momenta to momenta', { kind: 'Lorentz', rapidity: 1 }, fourvector, fourvector, 16, 6],
  [
    'SE(2) and permutations',
    {
      kind: 'product',
      factors: [
        { kind: 'SE', dim: 2, scale: 1 },
        { kind: 'S', index: 'point' },
      ],
    },
    type({ kind: 'position', dim: 2 }, 'point'),
    type({ kind: 'vector', dim: 2 }, 'point'),
    8,
    3,
  ],
])('%s', async (_, spec, input, output, entries, size) => {
  const model = mixing(input, output, entries);
  const shaped = output === tensor ? { ...model, evaluate: reshaped(model, [3, 3]) } : model;
  const group = createGroup(spec);
  const setting = settingOf(
    shaped,
    dataOf({ x: input }, { count: 3, size: 4 }),
    group,
    randomFromSeed(2),
    {},
  );
  const base = await evaluateSamples(setting, 'float64');
  const random = randomFromSeed(8);
  expect(chartSize(group)).toBe(size);
  const pairs = setting.dataset.samples.map(({ sizes }, sample) => ({
    sample,
    element: group.sample(random, sizes),
  }));
  const square = async (sample: number, element: GroupElement) => {
    const [result] = await evaluatePairs(setting, [{ sample, element }], 'float64');
    return distance(result!.y!, act(element, base[sample]!.y!, output)) ** 2;
  };
  const results = await evaluatePairs(setting, pairs, 'float64');
  const slopes = slopesOf(setting, base, 'float64');
  const field = model.signature.outputs[0]!;
  const found = await slopes.of(
    field,
    pairs.map((pair, i) => ({ pair, result: results[i]! })),
  );
  expect(slopes.asked).toBe(3);
  for (const [i, { sample, element }] of pairs.entries()) {
    for (let k = 0; k < size; k++) {
      const aside = (by: number) =>
        elementAt(
          group,
          element,
          Array.from({ length: size }, (_, j) => (j === k ? by : 0)),
        );
      const expected = ((await square(sample, aside(1e-4))) - (await square(sample, aside(-1e-4)))) / 2e-4;
      expect(found[i]![k]).toBeCloseTo(expected, 5);
    }
    expect(Math.hypot(...found[i]!)).toBeGreaterThan(0.01);
  }
});

function reshaped({ evaluate }: Model, shape: readonly number[]): Model['evaluate'] {
  const inShape = ({ y }: Values) => ({ y: { shape, data: y!.data } as NdArray });
  return async (batch, precision) => (await evaluate(batch, precision)).map(inShape);
}

const rapidityOf = (element: GroupElement) =>
  element.kind === 'lorentz' ? Math.acosh(element.matrix[0]!) : Number.NaN;

test('moves stay in the declared range, and end on its border', () => {
  const boosts = createGroup({ kind: 'Lorentz', rapidity: 1.5 });
  const random = randomFromSeed(4);
  for (let i = 0; i < 50; i++) {
    const u = Array.from({ length: 6 }, () => 2 * random.normal());
    const moved = elementAt(boosts, boosts.sample(random, {}), u);
    expect(rapidityOf(moved)).toBeLessThanOrEqual(1.5);
  }
  const far = elementAt(boosts, boosts.identity({}), [0, 0, 0, 0, 3, 0]);
  expect(rapidityOf(far)).toBeCloseTo(1.5, 9);
  const motions = createGroup({ kind: 'SE', dim: 3, scale: 2 });
  const moved = elementAt(motions, motions.identity({}), [0.5, 0, 0, 3, 0, -0.25]);
  expect(moved).toMatchObject({ translation: [2, 0, -0.5] });
  const turned = act(moved, real([3], [0, 1, 0]), type(vector));
  expect([...turned.data].map((x) => Math.round(x * 1e12) / 1e12 + 0)).toEqual([0, 0, 1]);
});
