/** Inputs that single out no frame, or no order. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../data/dataset.ts';
import { real } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { dataOf, functionModel, SO3, scalar, type, vector } from '../../verify/testing.ts';
import { cloud, E3, S, SE3, strict, verdictOf } from './testing.ts';
import { wrapModel } from './wrap.ts';

let double: Runtime;
beforeAll(async () => {
  double = await openRuntime({ precision: 'float64' });
});

describe('what inputs leave open', () => {
  const points = (rows: readonly (readonly number[])[]): Dataset => ({
    fields: [{ name: 'x', type: cloud.x }],
    samples: [
      { id: 'one', sizes: { point: rows.length }, values: { x: real([rows.length, 3], rows.flat()) } },
    ],
    available: 1,
  });
  const weighted = (count: number, x: Float64Array) =>
    Array.from({ length: count }, (_, k) =>
      x.reduce((sum, v, i) => sum + Math.cos(i + 2 * k) * (v ** 3 + v ** 2), 0),
    );
  const net = () =>
    functionModel(
      { x: cloud.x },
      {
        dipole: { type: type(vector), compute: ({ x }) => real([3], weighted(3, x!)) },
        stress: {
          type: type({ kind: 'tensor', rank: 2, dim: 3 }),
          compute: ({ x }) => real([3, 3], weighted(9, x!)),
        },
      },
      ['float64'],
    );
  const octahedron = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ];
  const line = [0, 1, 3, 4.5].map((t) => [t, 2 * t, -t]);
  const plane = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
    [3, 1, 0],
    [2, 5, 0],
  ];
  // A mirror plane and two different ends: water has no third moment across its plane.
  const water = [
    [0, 0.1, 0],
    [0.76, -0.5, 0.2],
    [-0.76, -0.5, 0.2],
  ];
  it.each([
    ['equal moments', octahedron, 'all', SO3, 'has equal moments', true],
    ['a line', line, 'all', SE3, 'lies on a line', true],
    [
      'third moments that vanish',
      water,
      'one',
      E3,
      'lies in a plane, is as heavy at one end as at the other',
      true,
    ],
  ] as const)('%s', async (_, rows, signs, group, text, open) => {
    const wrapped = wrapModel(net(), { kind: 'framed', group, signs }, double);
    const { verdict, findings } = await verdictOf(wrapped, group, points(rows), strict);
    if (open) expect(verdict).not.toBe('holds');
    const finding = findings.find(({ code }) => code === 'model/frame-degenerate');
    expect(finding?.message).toBe(`no frame is determined by 1 of 1 sample: one: ${text}`);
    expect(finding?.found).toBe('1 of 1 sample');
  });

  it.each([SE3, E3])('a plane leaves nothing open, and is said to be one', async (group) => {
    const wrapped = wrapModel(net(), { kind: 'framed', group, signs: 'all' }, double);
    const { verdict, findings } = await verdictOf(wrapped, group, points(plane));
    expect(verdict).toBe('holds');
    const codes = findings.map(({ code }) => code).filter((code) => code.startsWith('model/'));
    expect(codes).toEqual(['model/frame-planar']);
  });

  it('ties: two points at one place that an output tells apart', async () => {
    const inputs = { x: cloud.x };
    const each = functionModel(
      inputs,
      {
        place: {
          type: type(scalar, 'point'),
          compute: ({ x }) =>
            real(
              [x!.length / 3],
              Array.from({ length: x!.length / 3 }, (_, i) => i + x![3 * i]!),
            ),
        },
      },
      ['float64'],
    );
    const wrapped = wrapModel(each, { kind: 'sorted', group: S }, double);
    const { verdict, findings } = await verdictOf(
      wrapped,
      S,
      points([
        [1, 2, 3],
        [1, 2, 3],
        [0, 0, 1],
      ]),
      strict,
    );
    expect(verdict).not.toBe('holds');
    expect(findings.find(({ code }) => code === 'model/sorted-ties')!.message).toBe(
      'the order is left open, and the model may tell entries apart, in 1 of 1 sample: one: has entries of point that compare alike',
    );
  });

  it('fields over pairs are sorted by what does not depend on the order', async () => {
    const edges = { a: type(scalar, 'point', 'point') };
    const graph = functionModel(
      edges,
      {
        score: {
          type: type(scalar, 'point'),
          compute: ({ a }) =>
            real(
              [12],
              Array.from({ length: 12 }, (_, i) => a!.reduce((sum, v, k) => sum + Math.sin(k + i) * v, 0)),
            ),
        },
      },
      ['float64'],
    );
    const dataset = dataOf(edges, { count: 2 });
    expect((await verdictOf(graph, S, dataset)).verdict).toBe('violated');
    expect((await verdictOf(wrapModel(graph, { kind: 'sorted' }, double), S, dataset)).verdict).toBe('holds');
  });
});
