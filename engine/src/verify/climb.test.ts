/** The worst case of live Python models: with gradients, with ones that fail or mislead, and without. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { closeSessions, openPython } from '../foreign/python/index.ts';
import { folder, pythonWith } from '../foreign/python/test-support.ts';
import type { GroupSpec } from '../group/group.ts';
import type { Model } from '../model/model.ts';
import { check, dataOf, position, SE3, SO3, scalar, type, vector } from './testing.ts';
import type { CheckOptions, OutputVerdict } from './verification.ts';

afterAll(closeSessions);
const clouds = dataOf({ v: type(vector) }, { count: 2 });
const pairs = dataOf({ x: type(position, 'point') }, { count: 2, size: 2 });
const python = pythonWith('torch');

async function opened<T>(target: string, data: Dataset, run: (model: Model) => Promise<T>): Promise<T> {
  const model = await openPython(
    {
      target,
      folder,
      python,
      inputs: data.fields,
      outputs: [{ name: 'energy', type: type(scalar) }],
    },
    { example: data.samples[0]!.values },
  );
  try {
    return await run(model);
  } finally {
    model.dispose();
  }
}

function searched(target: string, data: Dataset, group: GroupSpec, options: Partial<CheckOptions> = {}) {
  return opened(target, data, (model) =>
    check(model, data, group, { elements: 8, search: 'worst', ...options }),
  );
}

describe.skipIf(!python)('a PyTorch model', () => {
  it('is driven to the largest gap there is', async () => {
    const { outputs, findings } = await searched('gradients:peak', clouds, SO3);
    const [{ gap, scale, search, exceedance, largestGap }] = outputs as [(typeof outputs)[number]];
    // The height of the peak over the lower of the two samples: f is 2 at the top, and no sample lies near it.
    const lowest = Math.min(...clouds.samples.map(({ values }) => peak(values.v!.data)));
    expect((gap * scale) / (2 - lowest)).toBeGreaterThan(1 - 1e-5);
    expect((gap * scale) / (2 - lowest)).toBeLessThan(1 + 1e-6);
    expect(search).toMatchObject({ exhaustive: false, decides: true });
    expect(search!.gradients).toBeGreaterThan(8);
    expect(findings.map(({ code }) => code)).not.toContain('model/python-gradient');
    // What is said about the draws is as without the search.
    const drawn = await opened('gradients:peak', clouds, (model) =>
      check(model, clouds, SO3, { elements: 8 }),
    );
    expect(exceedance).toEqual(drawn.outputs[0]!.exceedance);
    expect(largestGap).toBe(drawn.outputs[0]!.largestGap);
  });

  it('gives a witness that replays alone', async () => {
    const { outputs } = await searched('gradients:pose', pairs, SE3);
    const { sample, element } = outputs[0]!.worst!;
    const written = JSON.parse(JSON.stringify(element));
    const again = await opened('gradients:pose', pairs, (model) =>
      check(model, pairs, SE3, { replay: { sample, element: written } }),
    );
    expect(again.outputs[0]!.gap).toBe(outputs[0]!.gap);
    expect(outputs[0]!.worst!.draw).toBeUndefined();
  });

  it('whose gradient raises is searched without, and told the line', async () => {
    const { outputs, findings } = await searched('gradients:broken_backward', clouds, SO3);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'model/python-gradient',
        severity: 'warning',
        place: { file: join(folder, 'gradients.py'), line: 44 },
      }),
    );
    expect(outputs[0]!.verdict).toBe('violated');
    expect(outputs[0]!.search!.gradients).toBeLessThanOrEqual(8);
    expect(outputs[0]!.gap).toBeGreaterThan(0.9);
  });

  it('goes without gradients for the one output that has none, and says so once', async () => {
    const model = await openPython(
      {
        target: 'gradients:half_detached',
        folder,
        python,
        inputs: clouds.fields,
        outputs: ['blind', 'seen'].map((name) => ({ name, type: type(scalar) })),
      },
      { example: clouds.samples[0]!.values },
    );
    const { outputs, findings } = await check(model, clouds, SO3, { elements: 8, search: 'worst' });
    const [blind, seen] = outputs.map(({ search }) => search!.gradients) as [number, number];
    expect(blind).toBeLessThanOrEqual(8);
    expect(seen).toBeGreaterThan(8);
    expect(findings.filter(({ code }) => code.startsWith('model/'))).toMatchObject([
      { code: 'model/python-no-gradient', severity: 'information' },
    ]);
    model.dispose();
  });

  it('whose gradient points the wrong way is searched all the same', async () => {
    const { outputs } = await searched('gradients:misleading', clouds, SO3);
    const lowest = Math.min(...clouds.samples.map(({ values }) => peak(values.v!.data)));
    expect(outputs[0]!.search!.gradients).toBeGreaterThan(8);
    expect((outputs[0]!.gap * outputs[0]!.scale) / (2 - lowest)).toBeGreaterThan(0.99);
  });

  it('gets closer with gradients than without, in about as many evaluations', async () => {
    await opened('gradients:pose', pairs, async (model) => {
      const { gradient: _, ...without } = model;
      for (const seed of [0, 2]) {
        const options = { elements: 8, search: 'worst', seed } as const;
        const [a, b] = [
          await check(model, pairs, SE3, options),
          await check(without, pairs, SE3, options),
        ].map(({ outputs }) => outputs[0]!) as [OutputVerdict, OutputVerdict];
        // The peak is 1 high, and both samples lie far from it.
        const [missed, missedWithout] = [a, b].map(({ gap, scale }) => 1 - gap * scale) as [number, number];
        expect(missed).toBeLessThan(1e-4);
        expect(missedWithout).toBeGreaterThan(5 * missed);
        expect(a.search!.evaluations).toBeLessThan(1.1 * b.search!.evaluations);
        expect(b.search!.gradients).toBe(0);
      }
    });
  });
});

function peak(v: ArrayLike<number>): number {
  const [x, y, z] = Array.from(v) as [number, number, number];
  return 1 + Math.exp(8 * ((0.48 * x + 0.6 * y + 0.64 * z) / Math.hypot(x, y, z) - 1));
}
