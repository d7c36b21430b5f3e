import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGroup } from '../group/create.ts';
import type { GroupElement, GroupSpec } from '../group/group.ts';
import { type Axis, type FieldType, type Representation, trailingShape, typeText } from '../signature.ts';
import { integer, type NdArray, real, sizeOf } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { act } from './act.ts';
import { actionOf } from './action-of.ts';
import { parseIrreps } from './irreps.ts';

const sizes: Record<string, number> = { atom: 4, h: 3, w: 5, mode: 3 };
const product = (...factors: GroupSpec[]): GroupSpec => ({ kind: 'product', factors });
const e3: GroupSpec = { kind: 'E', dim: 3, scale: 2 };

const groups: GroupSpec[] = [
  { kind: 'trivial' },
  { kind: 'S', index: 'atom' },
  { kind: 'T', dim: 2, scale: 3 },
  { kind: 'T', dim: 3, scale: 3 },
  { kind: 'SO', dim: 2 },
  { kind: 'O', dim: 2 },
  { kind: 'SO', dim: 3 },
  { kind: 'O', dim: 3 },
  { kind: 'SE', dim: 2, scale: 2 },
  { kind: 'SE', dim: 3, scale: 2 },
  { kind: 'E', dim: 2, scale: 2 },
  e3,
  { kind: 'Lorentz', rapidity: 1 },
  { kind: 'Z2' },
  { kind: 'Z2', index: 'atom' },
  { kind: 'C', n: 4 },
  { kind: 'C', n: 5 },
  { kind: 'D', n: 4 },
  { kind: 'D', n: 6 },
  { kind: 'shift', index: 'atom' },
  product(e3, { kind: 'S', index: 'atom' }),
  product({ kind: 'O', dim: 3 }, { kind: 'Z2', index: 'mode' }, { kind: 'S', index: 'atom' }),
  product({ kind: 'Lorentz', rapidity: 1 }, { kind: 'S', index: 'atom' }),
  product({ kind: 'D', n: 4 }, { kind: 'Z2' }),
];

const atom: Axis = { index: 'atom' };
const representations: Representation[] = [
  { kind: 'scalar' },
  { kind: 'pseudoscalar' },
  { kind: 'position', dim: 2 },
  { kind: 'position', dim: 3 },
  { kind: 'vector', dim: 2 },
  { kind: 'vector', dim: 3 },
  { kind: 'pseudovector' },
  { kind: 'fourvector' },
  { kind: 'tensor', rank: 1, dim: 3 },
  { kind: 'tensor', rank: 2, dim: 2 },
  { kind: 'tensor', rank: 3, dim: 3 },
  { kind: 'tensor', rank: 4, dim: 3 },
  { kind: 'irreps', irreps: parseIrreps('2x0e + 0o + 3x1o + 1e + 2x2e + 2o + 3o + 4e + 5o + 6e + 6o') },
  { kind: 'category', count: 4 },
  { kind: 'label' },
  { kind: 'constant' },
];
const types: FieldType[] = [
  ...representations.map((representation) => ({ representation, axes: [atom] })),
  { representation: { kind: 'scalar' }, axes: [atom, atom] },
  { representation: { kind: 'vector', dim: 3 }, axes: [{ size: 2 }, { index: 'mode' }, atom] },
  { representation: { kind: 'pseudoscalar' }, axes: [atom, { index: 'mode' }] },
  { representation: { kind: 'irreps', irreps: parseIrreps('1o + 0e') }, axes: [] },
  { representation: { kind: 'image' }, axes: [{ index: 'h' }, { index: 'h' }, { size: 2 }] },
];

function shapeOf({ representation, axes }: FieldType): number[] {
  return [
    ...axes.map((axis) => ('index' in axis ? sizes[axis.index]! : axis.size)),
    ...trailingShape(representation),
  ];
}

function randomValue(type: FieldType, random: Random): NdArray {
  const shape = shapeOf(type);
  const entries = Array.from({ length: sizeOf(shape) }, () => random.normal());
  return type.representation.kind === 'category'
    ? integer(
        shape,
        entries.map((x) => Math.floor(Math.abs(x)) % 4),
      )
    : real(shape, entries);
}

function difference(a: NdArray, b: NdArray): number {
  expect(a.shape).toEqual(b.shape);
  let worst = 0;
  for (let i = 0; i < a.data.length; i++) worst = Math.max(worst, Math.abs(a.data[i]! - b.data[i]!));
  return worst;
}

const pairs = groups.flatMap((spec) =>
  types.map((type) => ({ spec, type, name: `${createGroup(spec).text} on ${typeText(type)}` })),
);
const acting = pairs.filter(({ spec, type }) => {
  const answer = actionOf(spec, type);
  return answer.acts && answer.inexact === undefined;
});
const refused = pairs.filter(({ spec, type }) => !actionOf(spec, type).acts);

describe('every group on every field that it acts on', () => {
  it('covers what it should', () => {
    expect(acting.length).toBeGreaterThan(330);
    expect(refused.length).toBeGreaterThan(60);
  });

  it.each(acting)('$name: rho(g h) = rho(g) rho(h), rho(1) = 1', ({ spec, type }) => {
    const group = createGroup(spec);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const random = randomFromSeed(seed);
        const [g, h] = [group.sample(random, sizes), group.sample(random, sizes)];
        const value = randomValue(type, random);
        const before = value.data.slice();
        const together = act(group.compose(g, h), value, type);
        const apart = act(g, act(h, value, type), type);
        const unit = Math.max(1, ...together.data.map(Math.abs));
        expect(difference(together, apart) / unit).toBeLessThan(2e-14);
        expect(difference(act(group.identity(sizes), value, type), value)).toBe(0);
        const back = act(group.inverse(g), act(g, value, type), type);
        expect(difference(back, value)).toBeLessThan(1e-13);
        expect(value.data).toEqual(before);
        expect(together.data.constructor).toBe(
          type.representation.kind === 'category' ? Int32Array : Float64Array,
        );
      }),
      { numRuns: 4, seed: 5 },
    );
  });

  it.each(refused)('$name: the element is refused as well', ({ spec, type }) => {
    const group = createGroup(spec);
    const random = randomFromSeed(3);
    const g = spec.kind === 'Z2' ? ({ kind: 'sign', signs: [-1] } as const) : group.sample(random, sizes);
    const reason = actionOf(spec, type);
    // Factors that commute as groups and clash on the field have an action each; only the static answer knows.
    if (!reason.acts && reason.reason.includes('do not commute on')) return;
    expect(() => act(g, randomValue(type, random), type)).toThrow(
      expect.objectContaining({ finding: expect.objectContaining({ code: 'group/no-action' }) }),
    );
  });
});

describe('what the actions do', () => {
  const quarter: GroupElement = {
    kind: 'euclidean',
    dim: 3,
    matrix: [0, -1, 0, 1, 0, 0, 0, 0, 1],
    translation: [10, 20, 30],
  };
  const inversion: GroupElement = {
    kind: 'euclidean',
    dim: 3,
    matrix: [-1, 0, 0, 0, -1, 0, 0, 0, -1],
    translation: [0, 0, 0],
  };
  const on = (element: GroupElement, representation: Representation, data: number[]) => {
    const value = real(
      [data.length / sizeOf(trailingShape(representation)), ...trailingShape(representation)],
      data,
    );
    return Array.from(act(element, value, { representation, axes: [atom] }).data, (x) => x + 0);
  };

  it('translates positions only', () => {
    const position = { kind: 'position', dim: 3 } as const;
    const vector = { kind: 'vector', dim: 3 } as const;
    expect(on(quarter, position, [1, 2, 3])).toEqual([8, 21, 33]);
    expect(on(quarter, vector, [1, 2, 3])).toEqual([-2, 1, 3]);
    expect(on(quarter, { kind: 'fourvector' }, [7, 1, 2, 3])).toEqual([7, -2, 1, 3]);
    expect(on(quarter, { kind: 'pseudovector' }, [1, 2, 3])).toEqual([-2, 1, 3]);
  });

  it('tells vectors from pseudovectors, scalars from pseudoscalars', () => {
    expect(on(inversion, { kind: 'vector', dim: 3 }, [1, 2, 3])).toEqual([-1, -2, -3]);
    expect(on(inversion, { kind: 'pseudovector' }, [1, 2, 3])).toEqual([1, 2, 3]);
    expect(on(inversion, { kind: 'pseudoscalar' }, [5, 6])).toEqual([-5, -6]);
    expect(on(inversion, { kind: 'scalar' }, [5, 6])).toEqual([5, 6]);
    expect(
      on(inversion, { kind: 'irreps', irreps: parseIrreps('0e + 0o + 1e + 1o') }, [1, 2, 3, 4, 5, 6, 7, 8]),
    ).toEqual([1, -2, 3, 4, 5, -6, -7, -8]);
    const tensor = Array.from({ length: 27 }, (_, i) => i + 1);
    expect(on(inversion, { kind: 'tensor', rank: 3, dim: 3 }, tensor)).toEqual(tensor.map((x) => -x));
  });

  it('commutes with the cross product of vectors, which is a pseudovector', () => {
    const random = randomFromSeed(4);
    const group = createGroup({ kind: 'O', dim: 3 });
    const cross = (a: number[], b: number[]) => [
      a[1]! * b[2]! - a[2]! * b[1]!,
      a[2]! * b[0]! - a[0]! * b[2]!,
      a[0]! * b[1]! - a[1]! * b[0]!,
    ];
    for (let i = 0; i < 20; i++) {
      const g = group.sample(random, {});
      const [a, b] = [0, 1].map(() => Array.from({ length: 3 }, () => random.normal())) as [
        number[],
        number[],
      ];
      const vector = { kind: 'vector', dim: 3 } as const;
      const left = cross(on(g, vector, a), on(g, vector, b));
      const right = on(g, { kind: 'pseudovector' }, cross(a, b));
      for (const [k, x] of left.entries()) expect(x).toBeCloseTo(right[k]!, 13);
    }
  });

  it('takes irreps 1o as vectors and tensor(2) as the outer product', () => {
    const random = randomFromSeed(6);
    const g = createGroup({ kind: 'O', dim: 3 }).sample(random, {});
    const v = Array.from({ length: 3 }, () => random.normal());
    const moved = on(g, { kind: 'vector', dim: 3 }, v);
    expect(on(g, { kind: 'irreps', irreps: parseIrreps('1o') }, v)).toEqual(moved);
    const outer = on(
      g,
      { kind: 'tensor', rank: 2, dim: 3 },
      v.flatMap((x) => v.map((y) => x * y)),
    );
    for (const [k, x] of moved.flatMap((a) => moved.map((b) => a * b)).entries())
      expect(outer[k]).toBeCloseTo(x, 13);
  });

  it('turns the plane: dim-2 fields, and dim-3 fields about z; the mirror flips x', () => {
    const turn: GroupElement = { kind: 'dihedral', n: 4, turns: 1, mirrored: false };
    const mirror: GroupElement = { kind: 'dihedral', n: 4, turns: 0, mirrored: true };
    expect(on(turn, { kind: 'vector', dim: 2 }, [1, 2])).toEqual([-2, 1]);
    expect(on(turn, { kind: 'position', dim: 3 }, [1, 2, 3])).toEqual([-2, 1, 3]);
    expect(on(turn, { kind: 'irreps', irreps: parseIrreps('1o') }, [1, 2, 3])).toEqual([-2, 1, 3]);
    expect(on(mirror, { kind: 'vector', dim: 3 }, [1, 2, 3])).toEqual([-1, 2, 3]);
    expect(on(mirror, { kind: 'pseudoscalar' }, [1])).toEqual([-1]);
    const shifted: GroupElement = { kind: 'euclidean', dim: 2, matrix: [1, 0, 0, 1], translation: [5, 6] };
    expect(on(shifted, { kind: 'position', dim: 3 }, [1, 2, 3])).toEqual([6, 8, 3]);
  });

  it('keeps Minkowski products under Lorentz', () => {
    const random = randomFromSeed(8);
    const group = createGroup({ kind: 'Lorentz', rapidity: 2 });
    const minkowski = (p: number[], q: number[]) =>
      p[0]! * q[0]! - p[1]! * q[1]! - p[2]! * q[2]! - p[3]! * q[3]!;
    for (let i = 0; i < 50; i++) {
      const g = group.sample(random, {});
      const p = Array.from({ length: 4 }, () => random.normal());
      const q = Array.from({ length: 4 }, () => random.normal());
      const [gp, gq] = [on(g, { kind: 'fourvector' }, p), on(g, { kind: 'fourvector' }, q)];
      const unit = Math.hypot(...gp) * Math.hypot(...gq);
      expect(Math.abs(minkowski(gp, gq) - minkowski(p, q)) / unit).toBeLessThan(1e-15);
    }
  });
});
