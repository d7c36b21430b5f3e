/** Wrapped, any function is equivariant: verified by the verifier itself, before and after. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupSpec } from '../../group/group.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { SO3 } from '../../verify/testing.ts';
import type { Model } from '../model.ts';
import { principalAxes } from './principal-axes.ts';
import type { WrapSpec } from './spec.ts';
import { cloud, E3, leaky, O3, S, SE3, verdictOf } from './testing.ts';
import { wrapModel } from './wrap.ts';

let double: Runtime;
beforeAll(async () => {
  double = await openRuntime({ precision: 'float64' });
});

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
