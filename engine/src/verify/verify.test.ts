/** Verification of models whose symmetry is known: plain functions, so that nothing else can be at fault. */
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import type { GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import type { Model } from '../model/model.ts';
import type { Field, FieldType } from '../signature.ts';
import { type NdArray, real, type Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { CheckOptions } from './verification.ts';
import { verify } from './verify.ts';

const points: FieldType = { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] };
const vectors: FieldType = { representation: { kind: 'vector', dim: 3 }, axes: [{ index: 'point' }] };
const scalar: FieldType = { representation: { kind: 'scalar' }, axes: [] };
const SE3: GroupSpec = { kind: 'SE', dim: 3, scale: 2 };

const defaults: CheckOptions = { within: 'auto', elements: 16, confidence: 0.95, seed: 7 };

function clouds(count = 5, size = 12): Dataset {
  const random = randomFromSeed(3);
  const fields: Field[] = [{ name: 'positions', type: points }];
  const samples = Array.from({ length: count }, (_, i) => ({
    id: `cloud ${i}`,
    sizes: { point: size },
    values: {
      positions: real(
        [size, 3],
        Float64Array.from({ length: size * 3 }, () => random.normal()),
      ),
    },
  }));
  return { fields, samples, available: count };
}

/** A model from a function of points; float32 is simulated by rounding after every step through `round`. */
function model(
  output: Field,
  compute: (points: Float64Array, round: (x: number) => number) => NdArray,
  precisions: readonly Precision[] = ['float32', 'float64'],
): Model {
  return {
    title: 'a function',
    signature: { inputs: [{ name: 'positions', type: points }], outputs: [output] },
    parameterCount: 0,
    backend: 'plain JavaScript',
    precisions,
    async evaluate(batch: readonly Values[], precision: Precision) {
      const round = precision === 'float32' ? Math.fround : (x: number) => x;
      return batch.map((values) => ({
        [output.name]: compute((values.positions!.data as Float64Array).map(round), round),
      }));
    },
    dispose() {},
  };
}

/** Sum over pairs of the squared distance: invariant. `leak` adds x of the first point. */
const energy = (leak: number) =>
  model({ name: 'energy', type: scalar }, (p, round) => {
    let sum = 0;
    for (let i = 0; i < p.length; i += 3) {
      for (let j = 0; j < i; j += 3) {
        let square = 0;
        for (let k = 0; k < 3; k++) square = round(square + round(round(p[i + k]! - p[j + k]!) ** 2));
        sum = round(sum + square);
      }
    }
    return real([], [round(sum + leak * p[0]!)]);
  });

const check = (
  subject: Model,
  group: GroupSpec = SE3,
  options: Partial<CheckOptions> = {},
  dataset = clouds(),
) => verify({ model: subject, dataset, group: createGroup(group), options: { ...defaults, ...options } });

describe('a model with a float64 twin', () => {
  test('that is invariant holds, and its gap is rounding', async () => {
    const { verdict, outputs, samples, elements } = await check(energy(0));
    expect(verdict).toBe('holds');
    expect([samples, elements]).toEqual([5, 16]);
    const [energyVerdict] = outputs;
    expect(energyVerdict).toMatchObject({ output: 'energy', floorMethod: 'float64 twin' });
    expect(energyVerdict!.gap).toBeLessThan(1e-5);
    expect(energyVerdict!.gap).toBeGreaterThan(0);
    expect(energyVerdict!.gap64).toBeLessThan(1e-13);
    expect(energyVerdict!.exceedance).toMatchObject({ count: 0, draws: 80, confidence: 0.95 });
    expect(energyVerdict!.exceedance.upperBound).toBeCloseTo(1 - 0.05 ** (1 / 80), 12);
  });

  test('that leaks a coordinate is violated in both precisions, with a witness in words', async () => {
    const { verdict, outputs } = await check(energy(1));
    expect(verdict).toBe('violated');
    const { gap, gap64, worst, reason } = outputs[0]!;
    expect(gap64).toBeCloseTo(gap, 5);
    expect(reason).toMatch(/^gap .* x the rounding floor$/);
    expect(worst!.sampleId).toMatch(/^cloud \d$/);
    expect(worst!.elementText).toMatch(/degrees about/);
  });

  test('a break just above the floor is still seen', async () => {
    const { outputs: exact } = await check(energy(0));
    const leak = 300 * exact[0]!.floor * exact[0]!.scale;
    expect((await check(energy(leak))).verdict).toBe('violated');
  });

  test('the witness replays alone, to the same gap', async () => {
    const { outputs } = await check(energy(1));
    const { sample, draw, gap, element } = outputs[0]!.worst!;
    const again = await check(energy(1), SE3, { replay: { sample, draw: draw! } });
    expect(again.outputs[0]!.worst!.element).toEqual(element);
    expect(again.outputs[0]!.gap).toBeCloseTo(gap, 12);
    expect(again.outputs[0]!.exceedance.draws).toBe(1);
  });
});

describe('a model without a float64 twin', () => {
  const single = (subject: Model): Model => ({ ...subject, precisions: ['float32'] });

  test('is judged by one-ulp perturbations', async () => {
    const holds = await check(single(energy(0)));
    expect(holds.outputs[0]).toMatchObject({ verdict: 'holds', floorMethod: 'one-ulp perturbation' });
    expect(holds.outputs[0]!.gap64).toBeUndefined();
    expect((await check(single(energy(1)))).verdict).toBe('violated');
  });
});

describe('equivariant outputs', () => {
  const forces = (wrong: boolean) =>
    model({ name: 'forces', type: vectors }, (p, round) => {
      const mean = [0, 1, 2].map(
        (k) => p.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / (p.length / 3),
      );
      return real(
        [p.length / 3, 3],
        p.map((x, i) => round(wrong ? x : x - mean[i % 3]!)),
      );
    });

  test('vectors turn and do not translate', async () => {
    expect((await check(forces(false))).verdict).toBe('holds');
    expect((await check(forces(true))).verdict).toBe('violated');
    expect((await check(forces(true), { kind: 'SO', dim: 3 })).verdict).toBe('holds');
  });

  test('points may be renamed', async () => {
    expect((await check(forces(false), { kind: 'S', index: 'point' })).verdict).toBe('holds');
  });
});

test('a tolerance below the floor is inconclusive for an exact model', async () => {
  const { verdict, outputs } = await check(energy(0), SE3, { within: 1e-12 });
  expect(verdict).toBe('inconclusive');
  expect(outputs[0]!.reason).toMatch(/is below the rounding floor/);
});

test('an output that is zero everywhere decides nothing', async () => {
  const zero = model({ name: 'energy', type: scalar }, () => real([], [0]));
  const { verdict, outputs } = await check(zero);
  expect(verdict).toBe('inconclusive');
  expect(outputs[0]!.reason).toBe('the output is zero on every sample, so a relative gap does not exist');
});

test('a model that does not repeat itself is not called violated for its noise', async () => {
  let calls = 0;
  const noisy = model({ name: 'energy', type: scalar }, (p) =>
    real([], [p.length + 1e-3 * Math.sin(++calls)]),
  );
  expect((await check(noisy)).verdict).not.toBe('violated');
});

test('an output that is not finite is a fault that names sample and element', async () => {
  const broken = model({ name: 'energy', type: scalar }, (p) => real([], [p[0]! > 1 ? Number.NaN : 1]));
  await expect(check(broken)).rejects.toMatchObject({
    finding: { code: 'verify/non-finite', expected: 'finite numbers', found: 'NaN at entry 0 of 1' },
  });
});

test('the same seed gives the same result, another seed other elements', async () => {
  const [a, b, c] = [
    await check(energy(1)),
    await check(energy(1)),
    await check(energy(1), SE3, { seed: 8 }),
  ];
  expect(a.outputs).toEqual(b.outputs);
  expect(a.outputs[0]!.worst!.element).not.toEqual(c.outputs[0]!.worst!.element);
});

test('an aborted check stops with the signal’s reason', async () => {
  const controller = new AbortController();
  const onProgress = (done: number) => {
    if (done > 0) controller.abort(new Error('enough'));
  };
  await expect(
    verify({
      model: energy(0),
      dataset: clouds(5),
      group: createGroup(SE3),
      options: { ...defaults, elements: 100 },
      onProgress,
      signal: controller.signal,
    }),
  ).rejects.toThrow('enough');
});

test('a sample that is not there cannot be replayed', async () => {
  await expect(check(energy(0), SE3, { replay: { sample: 9, draw: 0 } })).rejects.toMatchObject({
    finding: { code: 'verify/replay-sample', expected: '0 to 4', found: '9' },
  });
});
