/** Wrapped, any function is equivariant: verified by the verifier itself, before and after. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../data/dataset.ts';
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import type { FieldType, Representation } from '../../signature.ts';
import { real } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import {
  dataOf,
  defaults,
  functionModel,
  position,
  SO3,
  scalar,
  type,
  vector,
} from '../../verify/testing.ts';
import { verify } from '../../verify/verify.ts';
import type { Model } from '../model.ts';
import { principalAxes } from './principal-axes.ts';
import type { WrapSpec } from './spec.ts';
import { wrapModel } from './wrap.ts';

let double: Runtime;
beforeAll(async () => {
  double = await openRuntime({ precision: 'float64' });
});

const cloud = { x: type(position, 'point'), v: type(vector, 'point') };
const size = 6;
const outputs = {
  energy: { type: type(scalar), weights: 1 },
  forces: { type: type(vector, 'point'), weights: 3 },
  spin: { type: type({ kind: 'pseudovector' }), weights: 3 },
};

/** A function of all coordinates in their order that keeps no symmetry: every output mixes everything with other weights. */
function leaky(
  inputs: Readonly<Record<string, FieldType>> = cloud,
  precisions: Model['precisions'] = ['float64'],
) {
  const compute =
    (width: number, each: boolean) =>
    (values: Readonly<Record<string, Float64Array>>, round: (x: number) => number) => {
      const data = Object.values(values).flatMap((array) => [...array]);
      const rows = each ? size : 1;
      const result = Float64Array.from({ length: rows * width }, (_, out) => {
        let sum = 0;
        data.forEach((value, i) => {
          sum = round(
            sum + round(Math.sin(1 + i * 0.37 + out * 1.7) * Math.tanh(round(value + 0.1 * (i % 3)))),
          );
        });
        // Mixed once more: parity takes the sum of functions of single coordinates to zero.
        return round(sum + Math.sin(2 * sum));
      });
      return real([...(each ? [size] : []), ...(width > 1 ? [width] : [])], result);
    };
  return functionModel(
    inputs,
    {
      energy: { type: outputs.energy.type, compute: compute(1, false) },
      forces: { type: outputs.forces.type, compute: compute(3, true) },
      spin: { type: outputs.spin.type, compute: compute(3, false) },
    },
    precisions,
  );
}

const data = dataOf(cloud, { count: 3, size });

/** Where the input decides nothing, one ulp moves the result: a tolerance keeps that from counting as rounding. */
const strict = { within: 1e-6 } as const;

async function verdictOf(
  model: Model,
  group: GroupSpec,
  dataset: Dataset = data,
  more: Partial<typeof defaults> = {},
) {
  return verify({
    model,
    dataset,
    group: createGroup(group),
    options: { ...defaults, elements: 8, ...more },
  });
}

const SE3: GroupSpec = { kind: 'SE', dim: 3, scale: 2 };
const E3: GroupSpec = { kind: 'E', dim: 3, scale: 2 };
const O3: GroupSpec = { kind: 'O', dim: 3 };
const S: GroupSpec = { kind: 'S', index: 'point' };

describe('wrapped for a group', () => {
  const cases: readonly (readonly [string, WrapSpec, GroupSpec])[] = [
    [
      'averaged over C(4)',
      { kind: 'averaged', group: { kind: 'C', n: 4 }, draws: 64, seed: 0 },
      { kind: 'C', n: 4 },
    ],
    [
      'averaged over D(3)',
      { kind: 'averaged', group: { kind: 'D', n: 3 }, draws: 64, seed: 0 },
      { kind: 'D', n: 3 },
    ],
    ['averaged over Z2', { kind: 'averaged', group: { kind: 'Z2' }, draws: 64, seed: 0 }, { kind: 'Z2' }],
    [
      'averaged over shifts',
      { kind: 'averaged', group: { kind: 'shift', index: 'point' }, draws: 64, seed: 0 },
      { kind: 'shift', index: 'point' },
    ],
    ['framed, as a rule SE(3)', { kind: 'framed', signs: 'all' }, SE3],
    ['framed for E(3)', { kind: 'framed', group: E3, signs: 'all' }, E3],
    ['framed for SO(3)', { kind: 'framed', group: SO3, signs: 'all' }, SO3],
    ['framed for O(3), one frame', { kind: 'framed', group: O3, signs: 'one' }, O3],
    ['framed for SE(3), one frame', { kind: 'framed', group: SE3, signs: 'one' }, SE3],
    [
      'framed for SO(2) about z',
      { kind: 'framed', group: { kind: 'SO', dim: 2 }, signs: 'all' },
      { kind: 'SO', dim: 2 },
    ],
    [
      'framed for T(3)',
      { kind: 'framed', group: { kind: 'T', dim: 3, scale: 1 }, signs: 'all' },
      { kind: 'T', dim: 3, scale: 5 },
    ],
    ['sorted', { kind: 'sorted' }, S],
  ];
  it.each(cases)('%s: violated before, holds after', async (_, spec, group) => {
    expect((await verdictOf(leaky(), group)).verdict).toBe('violated');
    const wrapped = wrapModel(leaky(), spec, double);
    const { verdict, outputs: found, findings } = await verdictOf(wrapped, group);
    expect(verdict).toBe('holds');
    for (const { gap } of found) expect(gap).toBeLessThan(1e-11);
    expect(findings.filter(({ code }) => code.startsWith('model/'))).toEqual([]);
  });

  it('in single precision, with the float64 twin as its floor', async () => {
    const inner = leaky(cloud, ['float32', 'float64']);
    const wrapped = wrapModel(inner, { kind: 'framed', signs: 'all' }, double);
    expect(wrapped.precisions).toEqual(['float32', 'float64']);
    const { verdict, outputs: found } = await verdictOf(wrapped, SE3);
    expect(verdict).toBe('holds');
    expect(found.map(({ floorMethod }) => floorMethod)).toEqual(Array(3).fill('float64 twin'));
  });

  it('twice: frames outside, order inside; the other way round the order is the lab’s', async () => {
    const both: GroupSpec = { kind: 'product', factors: [SE3, S] };
    const inside = wrapModel(
      wrapModel(leaky(), { kind: 'sorted' }, double),
      { kind: 'framed', signs: 'all' },
      double,
    );
    expect((await verdictOf(inside, both)).verdict).toBe('holds');
    const outside = wrapModel(
      wrapModel(leaky(), { kind: 'framed', signs: 'all' }, double),
      { kind: 'sorted' },
      double,
    );
    expect((await verdictOf(outside, both)).verdict).toBe('violated');
  });

  it('averaged over some of infinitely many: nearer, and said so', async () => {
    const before = await verdictOf(leaky(), SO3);
    const wrapped = wrapModel(leaky(), { kind: 'averaged', group: SO3, draws: 32, seed: 1 }, double);
    const after = await verdictOf(wrapped, SO3);
    expect(after.verdict).toBe('violated');
    // The mean is smaller than what it is taken of, so gaps are compared in the outputs' own unit.
    const sizeOf = (found: typeof after) => found.outputs[1]!.medianGap * found.outputs[1]!.scale;
    expect(sizeOf(after)).toBeLessThan(sizeOf(before) / 2);
    expect(after.findings.map(({ code }) => code)).toContain('model/averaged-sampled');
  });

  it('keeps what the model says about itself, and disposes of it', () => {
    let disposed = 0;
    const inner: Model = { ...leaky(), parameterCount: 7, dispose: () => void disposed++ };
    const wrapped = wrapModel(inner, { kind: 'framed', signs: 'all' }, double);
    expect(wrapped).toMatchObject({
      title: 'a function, framed for SE(3)',
      parameterCount: 7,
      backend: inner.backend,
    });
    expect(wrapped.signature).toBe(inner.signature);
    wrapped.dispose();
    expect(disposed).toBe(1);
  });
});

describe('the Lorentz group', () => {
  const momenta = { p: type({ kind: 'fourvector' }, 'point'), charge: type(scalar, 'point') };
  const four: Representation = { kind: 'fourvector' };
  const inner = () =>
    functionModel(
      momenta,
      {
        mass: {
          type: type(scalar),
          compute: ({ p }) => real([], [p!.reduce((sum, x, i) => sum + Math.tanh(x / (1 + i)), 0)]),
        },
        recoil: {
          type: type(four),
          compute: ({ p, charge }) =>
            real(
              [4],
              [0, 1, 2, 3].map((k) =>
                charge!.reduce((sum, q, i) => sum + q * Math.tanh(p![4 * i + k]! * (k + 1)), 0),
              ),
            ),
        },
      },
      ['float64'],
    );
  const events = (size: number, mass: number, along = false): Dataset => {
    const random = randomFromSeed(3);
    const samples = Array.from({ length: 3 }, (_, i) => {
      const p = Array.from({ length: size }, () => {
        const q = along ? [0, 0, 1 + random.uniform()] : [random.normal(), random.normal(), random.normal()];
        return [Math.hypot(mass, ...q), ...q];
      });
      return {
        id: `event ${i}`,
        sizes: { point: size },
        values: {
          p: real([size, 4], p.flat()),
          charge: real(
            [size],
            p.map(() => random.normal()),
          ),
        },
      };
    });
    return {
      fields: Object.entries(momenta).map(([name, own]) => ({ name, type: own })),
      samples,
      available: 3,
    };
  };
  const Lorentz = (rapidity: number): GroupSpec => ({ kind: 'Lorentz', rapidity });

  it.each([3, 12])('%i massless particles, with boosts up to rapidity 3', async (size) => {
    const group: GroupSpec = { kind: 'product', factors: [Lorentz(3)] };
    expect((await verdictOf(inner(), group, events(size, 0))).verdict).toBe('violated');
    const { verdict, outputs: found } = await verdictOf(
      wrapModel(inner(), { kind: 'lloca' }, double),
      group,
      events(size, 0),
    );
    expect(verdict).toBe('holds');
    for (const { gap } of found) expect(gap).toBeLessThan(1e-8);
  });

  it('the frame does not depend on the order of the particles, the function still does', async () => {
    const wrapped = wrapModel(wrapModel(inner(), { kind: 'sorted' }, double), { kind: 'lloca' }, double);
    const group: GroupSpec = { kind: 'product', factors: [Lorentz(2), S] };
    expect((await verdictOf(wrapped, group, events(8, 0.5))).verdict).toBe('holds');
  });

  it.each([
    ['two particles back to back', events(2, 0), 'single out no plane'],
    ['massless particles along a line', events(4, 0, true), 'light-like'],
  ])('%s determine no frame', async (_, dataset, text) => {
    const wrapped = wrapModel(inner(), { kind: 'lloca' }, double);
    const { verdict, findings } = await verdictOf(wrapped, Lorentz(1), dataset, strict);
    expect(verdict).not.toBe('holds');
    const finding = findings.find(({ code }) => code === 'model/frame-degenerate');
    expect(finding).toMatchObject({ severity: 'warning' });
    expect(finding!.message).toContain(text);
  });
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

describe('refusals', () => {
  const scores = functionModel(
    { x: cloud.x },
    { part: { type: type({ kind: 'category', count: 3 }), compute: () => real([], [1]) } },
    ['float64'],
  );
  const numbers = functionModel(
    { s: type(scalar, 'point') },
    { y: { type: type(scalar), compute: () => real([], [1]) } },
    ['float64'],
  );
  it.each([
    [
      'a mean over translations',
      leaky(),
      { kind: 'averaged', group: { kind: 'T', dim: 3, scale: 1 }, draws: 8, seed: 0 },
      'model/wrap-group',
      /no mean over T\(3/,
    ],
    [
      'frames of a finite group',
      leaky(),
      { kind: 'framed', group: { kind: 'C', n: 4 }, signs: 'all' },
      'model/wrap-group',
      /principal axes/,
    ],
    [
      'frames of plain numbers',
      numbers,
      { kind: 'framed', signs: 'all' },
      'model/wrap-input',
      /no input that a frame/,
    ],
    ['Lorentz frames of positions', leaky(), { kind: 'lloca' }, 'model/wrap-input', /Lorentz frame/],
    [
      'the mean of categories',
      scores,
      { kind: 'framed', signs: 'all' },
      'model/wrap-output',
      /categories have no mean/,
    ],
    [
      'an index set that is not there',
      leaky(),
      { kind: 'sorted', group: { kind: 'S', index: 'atom' } },
      'model/wrap-group',
      /S\(atom\)/,
    ],
    [
      'vectors under boosts',
      leaky({ x: type({ kind: 'fourvector' }, 'point'), v: type(vector, 'point') }),
      { kind: 'lloca' },
      'group/no-action',
      /no action/,
    ],
  ] as const)('%s', (_, model, spec, code, text) => {
    let caught: unknown;
    try {
      wrapModel(model, spec as WrapSpec, double);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ finding: { code } });
    expect((caught as Error).message).toMatch(text);
  });
});

it('principal axes: orthonormal, and A v = lambda v', () => {
  const random = randomFromSeed(9);
  for (const dim of [2, 3]) {
    for (let trial = 0; trial < 50; trial++) {
      const b = Array.from({ length: dim * dim }, () => random.normal());
      const a = Array.from(
        { length: dim * dim },
        (_, k) => b[k]! + b[(k % dim) * dim + Math.floor(k / dim)]!,
      );
      const { values, axes } = principalAxes(a, dim);
      expect([...values].sort((p, q) => q - p)).toEqual(values);
      axes.forEach((axis, i) => {
        axis.forEach((_, row) => {
          const image = axis.reduce((sum, x, k) => sum + a[row * dim + k]! * x, 0);
          expect(Math.abs(image - values[i]! * axis[row]!)).toBeLessThan(1e-13);
        });
        axes.forEach((other, j) => {
          const dot = axis.reduce((sum, x, k) => sum + x * other[k]!, 0);
          expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-14);
        });
      });
    }
  }
});
