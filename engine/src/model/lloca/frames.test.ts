import { describe, expect, it } from 'vitest';
import { createGroup } from '../../group/index.ts';
import { act } from '../../representation/index.ts';
import { real, type Values } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { verify } from '../../verify/verify.ts';
import { gammaOf, limitGamma, restFrameBoost } from './boost.ts';
import { inFrame } from './lorentz.ts';
import { orthonormalRows } from './orthonormal.ts';
import { event, metricError, momenta, open } from './testing.ts';

const kinds = ['polar', 'minkowski', 'rest', 'so3', 'z', 'so2'] as const;
const events = [event(5, 1), event(9, 2), event(12, 3)];

describe('learned frames', () => {
  it.each(kinds)('%s: Lorentz matrices, of determinant 1 and positive energy', async (frames) => {
    const model = await open({ frames });
    for (const { frames: matrices, flags } of await model.frames(events, 'float64')) {
      expect(metricError(matrices.data)).toBeLessThan(1e-11);
      for (let i = 0; i < matrices.data.length; i += 16)
        expect(matrices.data[i]).toBeGreaterThanOrEqual(1 - 1e-12);
      expect(flags.data.every((flag) => flag === 0)).toBe(true);
    }
    model.dispose();
  });

  it.each(['polar', 'minkowski', 'rest'] as const)('%s: L becomes L Lambda^-1', async (frames) => {
    const model = await open({ frames });
    const group = createGroup({ kind: 'Lorentz', rapidity: 2 });
    const element = group.sample(randomFromSeed(5), {});
    const inverse = group.inverse(element) as { matrix: readonly number[] };
    const moved = events.map((values) => ({ momenta: act(element, values.momenta!, momenta.type) }));
    const [still, after] = [await model.frames(events, 'float64'), await model.frames(moved, 'float64')];
    still.forEach(({ frames: { data } }, e) => {
      for (let row = 0; row < data.length; row += 4) {
        for (let c = 0; c < 4; c++) {
          let wanted = 0;
          for (let k = 0; k < 4; k++) wanted += data[row + k]! * inverse.matrix[4 * k + c]!;
          expect(Math.abs(after[e]!.frames.data[row + c]! - wanted)).toBeLessThan(
            1e-8 * Math.max(1, Math.abs(wanted)),
          );
        }
      }
    });
    model.dispose();
  });

  it('polar and Minkowski frames of the same vectors are the same', async () => {
    const polar = await open({ frames: 'polar' });
    const minkowski = await open({ frames: 'minkowski' }, [momenta], { weights: await polar.weights() });
    const [a, b] = [await polar.frames(events, 'float64'), await minkowski.frames(events, 'float64')];
    a.forEach(({ frames }, e) => {
      frames.data.forEach((entry, i) => {
        expect(Math.abs(b[e]!.frames.data[i]! - entry)).toBeLessThan(1e-8);
      });
    });
  });

  it('of an event are one when the scope says so, and the identity when asked for', async () => {
    const shared = await (await open({ frames_scope: 'event' })).frames([events[0]!], 'float64');
    const { data } = shared[0]!.frames;
    for (let i = 0; i < data.length; i++) expect(data[i]).toBe(data[i % 16]);
    const plain = await (await open({ frames: 'identity' })).frames([events[0]!], 'float64');
    expect(Array.from(plain[0]!.frames.data.slice(0, 16))).toEqual([
      1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1,
    ]);
  });
});

/** Momenta whose particles single out no frame. */
const degenerate: Readonly<Record<string, number[][]>> = {
  'one particle': [[1.3, 0.2, -0.4, 0.6]],
  'two particles': [
    [1.3, 0.2, -0.4, 0.6],
    [1.1, -0.3, 0.1, 0.2],
  ],
  'three particles': [
    [1.3, 0.2, -0.4, 0.6],
    [1.1, -0.3, 0.1, 0.2],
    [2.1, 0.9, 0.3, -1.2],
  ],
  'collinear particles': [1, 2, 3, 4, 5].map((k) => [Math.hypot(0.3, k), 0, 0, k]),
  'parallel light-like particles': [1, 2, 3, 4, 5].map((k) => [k, 0, k, 0]),
  'equal particles': [1, 1, 1, 1, 1].map(() => [1.3, 0.2, -0.4, 0.6]),
  'particles at rest': [1, 2, 3, 4].map((mass) => [mass, 0, 0, 0]),
  'particles without momentum': [1, 2, 3, 4].map(() => [0, 0, 0, 0]),
  'space-like particles': [1, 2, 3, 4, 5].map((k) => [0.1 * k, k, 0.2 * k, k]),
};

const eventOf = (rows: number[][]): Values => ({ momenta: real([rows.length, 4], rows.flat()) });

describe('events without a frame', () => {
  for (const [what, rows] of Object.entries(degenerate)) {
    it(`${what}: finite outputs, Lorentz frames, flags, the same in every run`, async () => {
      for (const frames of ['polar', 'minkowski'] as const) {
        const model = await open({ frames, vector_outputs: 1 });
        for (const precision of ['float64', 'float32'] as const) {
          const [outputs] = await model.evaluate([eventOf(rows)], precision);
          for (const { data } of Object.values(outputs!)) expect(data.every(Number.isFinite)).toBe(true);
          expect(await model.evaluate([eventOf(rows)], precision)).toEqual([outputs]);
        }
        const [found] = await model.frames([eventOf(rows)], 'float64');
        expect(metricError(found!.frames.data)).toBeLessThan(1e-10);
        expect(found!.flags.data.some((flag) => flag === 1)).toBe(true);
        model.dispose();
      }
    });
  }

  it('are named by a check, with their particles', async () => {
    const model = await open({});
    const samples = [
      event(5, 1),
      eventOf(degenerate['collinear particles']!),
      eventOf(degenerate['one particle']!),
    ];
    const { findings } = await verify({
      model,
      dataset: {
        fields: [{ name: 'momenta', type: momenta.type }],
        samples: samples.map((values, i) => ({
          id: `events.npz[${i}]`,
          sizes: { particle: values.momenta!.shape[0]! },
          values,
        })),
        available: 3,
      },
      group: createGroup({ kind: 'Lorentz', rapidity: 1 }),
      options: { within: 1e-6, elements: 2, confidence: 0.9, seed: 0 },
    });
    const finding = findings.find(({ code }) => code === 'model/frame-degenerate');
    expect(finding).toMatchObject({ severity: 'warning', found: '2 of 3 samples' });
    expect(finding!.message).toMatch(
      /^no Lorentz frame is determined by 2 of 3 samples: events\.npz\[1\].*vectors at .*; events\.npz\[2\].*every particle/,
    );
    model.dispose();
  });

  it('have finite gradients', async () => {
    const model = await open({});
    const trainable = await model.trainable!();
    const { runtime, names, weights } = trainable;
    const forward = trainable.prepare(Object.values(degenerate).map(eventOf));
    const tensors = names.map((name) => runtime.tensor(weights[name]!));
    const grads = runtime.tf.tidy(() =>
      runtime.tf.grads(
        (...values) =>
          runtime.tf.sum(
            forward(Object.fromEntries(names.map((name, i) => [name, values[i]!]))).scalars!,
          ) as never,
      )(tensors),
    );
    for (const gradient of grads)
      expect((await runtime.array(gradient)).data.every(Number.isFinite)).toBe(true);
    runtime.tf.dispose([...grads, ...tensors]);
  });

  it('with reference vectors, three particles suffice', async () => {
    const model = await open({ references: ['beams', 'time'] });
    const [found] = await model.frames([eventOf(degenerate['three particles']!)], 'float64');
    expect(found!.flags.shape).toEqual([6, 4]);
    expect(found!.flags.data.every((flag) => flag === 0)).toBe(true);
  });
});

describe('boosts', () => {
  it('take a momentum to rest, without turning the rest', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const p = runtime.tensor(event(6, 4).momenta!);
    const boost = restFrameBoost(runtime, p);
    const rest = (await runtime.array(inFrame(runtime, boost, p))).data;
    for (let i = 0; i < rest.length; i += 4) {
      expect(rest[i]).toBeCloseTo(0.3, 12);
      for (let k = 1; k < 4; k++) expect(Math.abs(rest[i + k]!)).toBeLessThan(1e-13);
    }
    const matrices = (await runtime.array(boost)).data;
    // A pure boost is symmetric.
    for (let i = 0; i < matrices.length; i += 16) {
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < a; b++) expect(matrices[i + 4 * a + b]).toBe(matrices[i + 4 * b + a]);
      }
    }
  });

  it('are limited at fixed mass and direction', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const p = runtime.tensor(real([1, 4], [5, 0, 4.8, 0]));
    for (const hardness of [undefined, 8]) {
      const slow = limitGamma(runtime, p, { max: 2, hardness });
      const [e, x, y, z] = (await runtime.array(slow)).data;
      expect(e! ** 2 - y! ** 2).toBeCloseTo(25 - 4.8 ** 2, 10);
      expect([x, z]).toEqual([0, 0]);
      expect((await runtime.array(gammaOf(runtime, slow))).data[0]).toBeLessThanOrEqual(2 + 1e-12);
    }
  });
});

it('the cross product is taken row by row, also of three rows', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const a = runtime.tensor(real([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  const b = runtime.tensor(real([3, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0]));
  const rows = await runtime.array(orthonormalRows(runtime, a, b, 'cross'));
  expect(Array.from(rows.data.slice(0, 9))).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
});
