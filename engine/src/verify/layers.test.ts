/** Which layer: in functions, in an ONNX graph, in Rapidash. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openOnnx } from '../foreign/onnx/index.ts';
import type { GroupSpec } from '../group/group.ts';
import type { Layer, Model } from '../model/model.ts';
import { type NdArray, real, type Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { clouds, rapidash } from '../train/testing.ts';
import { leastSquares } from './least-squares.ts';
import { check, dataOf, functionModel, number, SO3, scalar, type, vector } from './testing.ts';

const vectors = type(vector, 'point');
const data = dataOf({ v: vectors }, { size: 24 });

/** Mixed vectors, then the same with a nonlinearity on components, then their sum. */
function network(broken: boolean, typed: boolean): Model {
  const round = Math.fround;
  const mixed = (v: NdArray) =>
    real(
      v.shape,
      v.data.map((x) => round(0.7 * round(x))),
    );
  const bent = (v: NdArray) =>
    real(
      v.shape,
      v.data.map((x) => round(broken ? Math.tanh(x) : 2 * x)),
    );
  const norm = (v: NdArray) => number(round([...v.data].reduce((sum, x) => sum + x * x, 0)));
  const model = functionModel({ v: vectors }, { s: { type: type(scalar), compute: () => number(0) } });
  const each = (batch: readonly Values[], f: (v: NdArray) => NdArray) => batch.map(({ v }) => f(v!));
  const own = typed ? { type: vectors } : {};
  return {
    ...model,
    precisions: ['float32'],
    evaluate: async (batch) => each(batch, (v) => norm(bent(mixed(v)))).map((s) => ({ s })),
    layers: async (batch): Promise<Layer[]> => [
      { name: 'mixed', ...own, values: each(batch, mixed) },
      { name: 'bent', ...own, values: each(batch, (v) => bent(mixed(v))) },
      {
        name: 'norm',
        ...(typed ? { type: type(scalar) } : {}),
        values: each(batch, (v) => norm(bent(mixed(v)))),
      },
    ],
  };
}

describe('the first layer that breaks', () => {
  test('by declared representations', async () => {
    const { layers, findings } = await check(network(true, true), data, SO3);
    expect(layers!.map(({ layer, as, holds }) => [layer, as, holds])).toEqual([
      ['mixed', 'declared', true],
      ['bent', 'declared', false],
      ['norm', 'declared', false],
    ]);
    const finding = findings.find(({ code }) => code === 'verify/first-broken-layer')!;
    expect(finding).toMatchObject({ severity: 'information', place: { member: 'bent' } });
    expect(finding.message).toMatch(/^`bent` is the first layer that is not equivariant: gap 0\.\d+$/);
    expect(finding.expected).toMatch(/^a gap as of `mixed` before it/);
  });

  test('by the best linear map where nothing is declared, also beside permutations', async () => {
    const group: GroupSpec = { kind: 'product', factors: [SO3, { kind: 'S', index: 'point' }] };
    const { layers } = await check(network(true, false), data, group);
    // The norm is one row, which no map can be fitted to.
    expect(layers!.map(({ layer, as, holds }) => [layer, as, holds])).toEqual([
      ['mixed', 'linear', true],
      ['bent', 'linear', false],
    ]);
  });

  test('is not looked for where nothing is violated', async () => {
    const { verdict, layers } = await check(network(false, true), data, SO3);
    expect(verdict).toBe('holds');
    expect(layers).toBeUndefined();
  });
});

test('an affine map is found from half of the rows, and noise is not', () => {
  const random = randomFromSeed(4);
  const rows = 60;
  const x = Float64Array.from({ length: rows * 3 }, () => random.normal());
  const map = [1, 2, 0, -1, 0.5, 3, 0, 0, 1];
  const y = x.map((_, at) => {
    const [row, j] = [Math.floor(at / 3), at % 3];
    return 0.25 + [0, 1, 2].reduce((sum, k) => sum + map[3 * j + k]! * x[3 * row + k]!, 0);
  });
  expect(leastSquares(x, y, 3, rows)).toBeLessThan(1e-8);
  const noise = x.map(() => random.normal());
  expect(leastSquares(x, noise, 3, rows)).toBeGreaterThan(0.7);
  // A feature twice over leaves the map open and the fit as it was.
  const twice = x.map((value, at) => (at % 3 === 2 ? x[at - 1]! : value));
  expect(
    leastSquares(
      twice,
      twice.map((value) => 3 * value),
      3,
      rows,
    ),
  ).toBeLessThan(1e-6);
  expect(leastSquares(new Float64Array(9), y, 3, 3)).toBeLessThan(Infinity);
});

test('Rapidash: coordinates that leak show in the embedding', async () => {
  const model = await rapidash({ space: 'R3', features: 'coordinates' });
  const { verdict, layers, findings } = await check(model, clouds(2), SO3, { elements: 4 });
  model.dispose();
  expect(verdict).toBe('violated');
  expect(layers![0]).toMatchObject({ layer: 'after_embedding', as: 'declared', holds: false });
  expect(layers!.at(-1)!.layer).toMatch(/^block_\d_output$/);
  expect(
    findings.some(
      ({ code, place }) => code === 'verify/first-broken-layer' && place!.member === 'after_embedding',
    ),
  ).toBe(true);
});

test('ONNX: the node where a coordinate leaks in', async () => {
  const file = fileURLToPath(new URL('../../../test-fixtures/onnx/leaky.onnx', import.meta.url));
  const positions = type({ kind: 'position', dim: 3 }, 'point');
  const model = await openOnnx({
    file,
    inputs: [{ name: 'positions', type: positions }],
    outputs: [
      { name: 'energy', type: type(scalar) },
      { name: 'forces', type: vectors },
    ],
  });
  const { verdict, layers, findings } = await check(model, dataOf({ positions }, { count: 3 }), SO3, {
    elements: 8,
  });
  model.dispose();
  expect(verdict).toBe('violated');
  const at = (name: string) => layers!.find(({ layer }) => layer === name);
  // Squared components do not turn linearly, and their sum holds again: nothing is wrong there.
  expect(at('v3')).toMatchObject({ as: 'linear', holds: false });
  expect(at('v4')).toMatchObject({ as: 'invariant', holds: true });
  // The coordinate enters as a slice of the positions.
  expect(findings.find(({ code }) => code === 'verify/first-broken-layer')!.place).toEqual({ member: 'v15' });
});
