import { afterAll, describe, expect, it } from 'vitest';
import { type NdArray, real } from '../../tensor/array.ts';
import { closeSessions, openPython } from './index.ts';
import type { PythonSpec } from './open.ts';
import { molecule, perAtom, points, position, pythonWith, scalar, specOf, vector } from './test-support.ts';

const python = pythonWith('numpy');
afterAll(closeSessions);

describe.skipIf(!python)('a numpy model', () => {
  const energy: PythonSpec = {
    ...specOf('plain:energy', { python }),
    inputs: [{ name: 'positions', type: position }],
  };

  it('computes what the formula says, in float64, on samples of different sizes', async () => {
    const model = await openPython(energy, { example: { positions: points(4) } });
    expect(model.precisions).toEqual(['float64']);
    expect(model.title).toBe('plain:energy');
    expect(model.backend).toMatch(/^Python 3\.\d+\.\d+, numpy \d/);
    expect(model.signature).toEqual({
      inputs: energy.inputs,
      outputs: energy.outputs,
    });
    const batch = [3, 7, 5].map((n) => ({ positions: points(n, n) }));
    const results = await model.evaluate(batch, 'float64');
    for (const [i, result] of results.entries()) {
      expect(result.energy!.shape).toEqual([]);
      expect(result.energy!.data[0]).toBeCloseTo(pairEnergy(batch[i]!.positions), 10);
    }
    model.dispose();
  });

  it('may hold objects that raise when they are looked at', async () => {
    const model = await openPython({ ...energy, target: 'plain:holds_odd_objects' }, {});
    const cloud = points(4);
    const [result] = await model.evaluate([{ positions: cloud }], 'float64');
    const sum = [...cloud.data].reduce((total, value) => total + value, 0);
    expect(result!.energy!.data[0]).toBeCloseTo(2 * sum, 10);
    model.dispose();
  });

  it('has several outputs by name, weights that are counted, and a float64 twin', async () => {
    const spec: PythonSpec = {
      ...energy,
      target: 'plain:Field',
      inputs: [
        { name: 'positions', type: position },
        { name: 'charge', type: perAtom },
      ],
      outputs: [
        { name: 'forces', type: vector, source: 'force' },
        { name: 'energy', type: scalar },
      ],
    };
    const sample = {
      positions: points(5),
      charge: real(
        [5],
        Array.from({ length: 5 }, (_, i) => Math.cos(i)),
      ),
    };
    const model = await openPython(spec, { example: sample });
    expect(model.precisions).toEqual(['float32', 'float64']);
    expect(model.parameterCount).toBe(2);
    const [narrow] = await model.evaluate([sample], 'float32');
    const [wide] = await model.evaluate([sample], 'float64');
    expect(narrow!.forces!.shape).toEqual([5, 3]);
    const difference = Math.abs(narrow!.energy!.data[0]! - wide!.energy!.data[0]!);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5);
    model.dispose();
  });

  it('that casts to float32 on its way has no twin, and neither has one that is declared so', async () => {
    const example = { positions: points(4) };
    const narrow = await openPython({ ...energy, target: 'plain:Narrow' }, { example });
    expect(narrow).toMatchObject({
      precisions: ['float32'],
      noTwin: 'a change of 1e-12 in its inputs changes nothing, so that it computes in less than float64',
    });
    narrow.dispose();
    const declared = await openPython({ ...energy, precision: 'float32' }, { example });
    expect(declared).toMatchObject({
      precisions: ['float32'],
      noTwin: 'the model is declared to be in float32',
    });
    declared.dispose();
  });

  it('takes its inputs in the order of their declarations when its parameters have other names', async () => {
    const spec: PythonSpec = {
      ...energy,
      target: 'plain:Field',
      inputs: [
        { name: 'r', type: position },
        { name: 'q', type: perAtom },
      ],
    };
    const model = await openPython(spec);
    const [result] = await model.evaluate([{ r: points(2), q: real([2], [1, 0]) }], 'float64');
    // Only the first charge meets itself: 1.5 exp(-sqrt(1e-3) / 0.5), with weights in float32.
    expect(result!.energy!.data[0]).toBeCloseTo(1.5 * Math.exp(-Math.sqrt(1e-3) / 0.5), 6);
    model.dispose();
  });

  it('is called again by the next one in the same process, until its sources change', async () => {
    const first = await openPython(energy);
    first.dispose();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const begin = performance.now();
    const second = await openPython(energy);
    expect(performance.now() - begin).toBeLessThan(100);
    expect((await second.evaluate([{ positions: points(3) }], 'float64'))[0]!.energy!.data[0]).toBeCloseTo(
      pairEnergy(points(3)),
      10,
    );
    second.dispose();
  });
});

describe.skipIf(!python)('a model with a batch axis', () => {
  const batched = (target: string): PythonSpec => ({ ...specOf(target, { python }), batch: true });

  it('takes samples of equal sizes together, and the others apart', async () => {
    const model = await openPython(batched('batched:build'), { example: { x: points(4) } });
    const batch = [4, 4, 6, 4].map((n, i) => ({ x: points(n, i) }));
    const all = await model.evaluate(batch, model.precisions[0]!);
    for (const [i, sample] of batch.entries()) {
      const [alone] = await model.evaluate([sample], model.precisions[0]!);
      expect(all[i]!.energy!.data[0]).toBeCloseTo(alone!.energy!.data[0]!, 10);
    }
    expect(new Set(all.map(({ energy }) => energy!.data[0])).size).toBe(4);
    model.dispose();
  });

  it('is given samples one by one where they change each other', async () => {
    const model = await openPython(batched('batched:mixing'));
    const results = await model.evaluate([{ x: points(4) }, { x: points(4, 1) }], 'float64');
    // Alone, a sample is its own mean.
    expect(results.map(({ energy }) => energy!.data[0])).toEqual([0, 0]);
    model.dispose();
  });
});

const torch = pythonWith('torch');

describe.skipIf(!torch)('a PyTorch model', () => {
  const spec = (target: string, rest: Partial<PythonSpec> = {}): PythonSpec => ({
    ...specOf(target, { python: torch }),
    inputs: [
      { name: 'positions', type: position },
      {
        name: 'species',
        type: { representation: { kind: 'category', count: 10 }, axes: [{ index: 'atom' }] },
      },
    ],
    ...rest,
  });

  it('runs in evaluation mode, the same each time, with a twin and its parameters counted', async () => {
    const example = molecule(5);
    const model = await openPython(spec('nets:steady'), { example });
    expect(model.precisions).toEqual(['float32', 'float64']);
    expect(model.backend).toMatch(/^Python 3.*torch \d/);
    // Embedding 160; two layers of (33 x 16 + 16) + (16 x 16 + 16) + (16 x 16 + 16); out 17.
    expect(model.parameterCount).toBe(160 + 2 * (33 * 16 + 16 + 2 * (16 * 16 + 16)) + 17);
    const [once, again] = await model.evaluate([example, example], 'float32');
    expect(once).toEqual(again);
    const [wide] = await model.evaluate([example], 'float64');
    const difference = Math.abs(once!.energy!.data[0]! - wide!.energy!.data[0]!);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5);
    model.dispose();
  }, 60_000);

  it('shows what its modules compute, in the order of computation', async () => {
    const model = await openPython(spec('nets:broken'));
    const layers = await model.layers!([molecule(5), molecule(5, 1)]);
    const names = layers.map(({ name }) => name);
    expect(names.filter((name) => !name.includes('.'))).toEqual([
      'embed',
      'first',
      'second',
      'dropout',
      'out',
    ]);
    expect(layers.find(({ name }) => name === 'first')!.values.map(({ shape }) => shape)).toEqual([
      [5, 16],
      [5, 16],
    ]);
    model.dispose();
  });

  it('may differentiate inside itself', async () => {
    const outputs = [
      { name: 'energy', type: scalar },
      { name: 'forces', type: vector },
    ];
    const example = molecule(4);
    const model = await openPython(spec('nets:forces', { outputs }), { example });
    expect(model.precisions).toEqual(['float32', 'float64']);
    const energyAt = async (step: number): Promise<number> => {
      const data = (example.positions!.data as Float64Array).slice();
      data[4]! += step;
      const [moved] = await model.evaluate([{ ...example, positions: { shape: [4, 3], data } }], 'float64');
      return moved!.energy!.data[0]!;
    };
    const [result] = await model.evaluate([example], 'float64');
    const slope = ((await energyAt(1e-4)) - (await energyAt(-1e-4))) / 2e-4;
    expect(result!.forces!.data[4]).toBeCloseTo(-slope, 7);
    model.dispose();
  });

  it('may be the module itself, and an adapter around one that wants a data object', async () => {
    const example = molecule(4);
    for (const target of ['nets:trunk', 'adapter:build']) {
      const model = await openPython(spec(target), { example });
      expect(model.precisions).toEqual(['float32', 'float64']);
      const [result] = await model.evaluate([example], 'float32');
      expect(result!.energy!.shape).toEqual([]);
      model.dispose();
    }
  });
});

const jax = pythonWith('jax');

describe.skipIf(!jax)('a JAX model', () => {
  it('runs in float32, and in float64 for the twin', async () => {
    const example = { positions: points(5) };
    const spec = {
      ...specOf('functional:build', { python: jax }),
      inputs: [{ name: 'positions', type: position }],
    };
    const model = await openPython(spec, { example });
    expect(model.precisions).toEqual(['float32', 'float64']);
    const [narrow, wide] = await Promise.all(
      (['float32', 'float64'] as const).map((precision) => model.evaluate([example], precision)),
    );
    const difference = narrow![0]!.energy!.data[0]! - wide![0]!.energy!.data[0]!;
    expect(Math.abs(difference)).toBeGreaterThan(0);
    expect(Math.abs(difference)).toBeLessThan(1e-4);
    model.dispose();
  }, 60_000);
});

/** plain.py's formula. */
function pairEnergy({ data, shape }: NdArray): number {
  let total = 0;
  const n = shape[0]!;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let squared = 1e-3;
      for (let k = 0; k < 3; k++) squared += (data[3 * i + k]! - data[3 * j + k]!) ** 2;
      for (const width of [0.5, 1]) total += Math.exp(-Math.sqrt(squared) / width);
    }
  }
  return total;
}
