/** The stored planted graphs, real networks in ONNX: what symmetry they have is known, exact and broken. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planted } from '../../../../scripts/fixtures/planted-graphs.ts';
import { openOnnx } from '../../foreign/onnx/index.ts';
import type { AmbientFactor } from '../../group/ambient.ts';
import { dataOf } from '../testing.ts';
import { discover } from './discover.ts';
import type { DiscoverOptions } from './discovery.ts';

const folder = join(import.meta.dirname, '../../../../test-fixtures/planted');
const options: DiscoverOptions = {
  outputs: 'declared',
  within: 'auto',
  samples: 32,
  confidence: 0.95,
  seed: 0,
};

async function found(name: string, size: string, count: number, ...factors: AmbientFactor[]) {
  const family = planted.find((one) => one.name === name)!;
  const model = await openOnnx({
    file: join(folder, `${name}-${size}.onnx`),
    inputs: [{ name: 'x', type: family.input }],
    outputs: [{ name: 'y', type: family.output }],
  });
  const dataset = dataOf({ x: family.input }, { count, size: 8 });
  const result = await discover({ model, dataset, ambient: { factors }, options });
  model.dispose();
  return result;
}

const affine: AmbientFactor = { kind: 'affine', dim: 3, scale: 1 };
const S: AmbientFactor = { kind: 'S', index: 'point' };

it.each([
  ['stretched-axis', 'exact', 'se(3) + inversion + S(point)', ['E(3) * S(point)']],
  // An axis that is stretched keeps another form than the length.
  ['stretched-axis', '1e-1', 'so(3) of the quadratic form diag(0.8264, 0.8264, 1) + t(3)', undefined],
  ['leaked-coordinate', '1e-1', 'so(2) about x', undefined],
  ['forces', 'exact', 'se(3) + inversion + S(point)', ['E(3) * S(point)']],
  ['forces', '1e-1', 'so(2) about x + t(3)', undefined],
] as const)('%s, %s', async (name, size, wanted, checks) => {
  const result = await found(name, size, 32, affine, S);
  expect(result.found).toContain(wanted);
  expect(result.verdict).toBe('found');
  if (checks) expect(result.checks).toEqual(checks);
});

it('a metric, whole and with one entry off', async () => {
  const ambient = [{ kind: 'Poincare', scale: 1 }, { kind: 'scaling' }] as const;
  const whole = await found('metric', 'exact', 32, ...ambient);
  expect(whole).toMatchObject({ found: 'so(1,3)', checks: ['Lorentz'] });
  const off = await found('metric', '1e-1', 32, ...ambient);
  // z is another axis than x and y: so(1,2), rotations about z and boosts along x and y.
  expect(off.algebra!.name).toBe('so(1,2) normal to z');
  expect(off.algebra!.basis.map(({ name }) => name)).toEqual([
    'rotation about z',
    'boost along x',
    'boost along y',
  ]);
});

it('permutations, shifts, turns and signs', async () => {
  const untied = await found('untied-point', '1e-1', 8, S);
  expect(untied.found).toBe('permutations of point among 0-1, 3-7');
  expect(untied.finite.find(({ verdict }) => verdict === 'violated')!.name).toMatch(
    /swap of point (2 and \d|\d and 2)/,
  );
  const shift: AmbientFactor = { kind: 'shift', index: 'point' };
  expect((await found('padding', 'exact', 8, shift)).found).toBe('shift(point)');
  expect((await found('padding', '1e-1', 8, shift)).found).toBe('no symmetry');
  const turns: AmbientFactor = { kind: 'D', n: 4 };
  expect((await found('kernel', 'exact', 8, turns)).found).toBe('D(4)');
  expect((await found('kernel', '1e-1', 8, turns)).found).toBe('mirror along x');
  const inversion: AmbientFactor = { kind: 'Z2' };
  expect((await found('odd-part', 'exact', 8, inversion)).checks).toEqual(['Z2']);
  expect((await found('odd-part', '1e-2', 8, inversion)).found).toBe('no symmetry');
});
