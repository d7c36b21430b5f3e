/** Wrapped for the Lorentz group. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../data/dataset.ts';
import type { GroupSpec } from '../../group/group.ts';
import type { Representation } from '../../signature.ts';
import { real } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { functionModel, scalar, type } from '../../verify/testing.ts';
import { S, strict, verdictOf } from './testing.ts';
import { wrapModel } from './wrap.ts';

let double: Runtime;
beforeAll(async () => {
  double = await openRuntime({ precision: 'float64' });
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
