import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../data/index.ts';
import { officialPrior, priorBatch } from '../../data/prior/index.ts';
import { networkClassifier } from '../../predict/index.ts';
import { openRuntime } from '../../tensor/index.ts';
import { classGap, type JudgedTask } from '../../verify/class-gap.ts';
import { weightCount } from '../weights.ts';
import { smallBaseline, smallConfig } from './config.ts';
import { equiTabPfn, tabPfnStyle } from './table-networks.ts';
import { baselineSpecs, weightSpecs } from './weights.ts';

const shipped = (name: string) => {
  const file = fileURLToPath(new URL(`../../../weights/${name}-small.safetensors`, import.meta.url));
  return Object.fromEntries(readSafetensors(file).tensors);
};

/** New tables with four classes. */
function tasks(count: number): JudgedTask[] {
  const prior = {
    ...officialPrior,
    rows: 48,
    tables: 1,
    mostFeatures: 6,
    binary: 0,
    split: [32, 33] as const,
  };
  const found: JudgedTask[] = [];
  for (let index = 0; found.length < count; index++) {
    const [table] = priorBatch(prior, 77, index).tables;
    if (table!.classes !== 4) continue;
    const { features, x, y } = table!;
    const cut = 32 * features;
    const task = {
      features,
      classes: 4,
      train: x.slice(0, cut),
      labels: y.slice(0, 32),
      queries: x.slice(cut),
    };
    found.push({ task, answers: y.slice(32) });
  }
  return found;
}

describe('the shipped networks', () => {
  it('have the weights of their configurations', () => {
    expect(weightCount(weightSpecs(smallConfig))).toBe(147_265);
    for (const [name, specs] of [
      ['equitabpfn', weightSpecs(smallConfig)],
      ['baseline', baselineSpecs(smallBaseline)],
    ] as const) {
      const shapes = Object.entries(shipped(name)).map(([key, { shape }]) => `${key} ${shape}`);
      expect(shapes.sort()).toEqual(specs.map(({ name: key, shape }) => `${key} ${shape}`).sort());
    }
  });

  it('are equivariant to the names of classes, and are not: the gap over all orders of four classes is the mean distance', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const options = { loss: 'squared', orders: 'all', seed: 0 } as const;
    const own = networkClassifier(runtime, equiTabPfn(smallConfig, 0, shipped('equitabpfn')));
    const other = networkClassifier(runtime, tabPfnStyle(smallBaseline, 0, shipped('baseline')));
    const [equivariant, partial] = [
      await classGap(own.scores, tasks(1), options),
      await classGap(other.scores, tasks(1), options),
    ];
    expect(Math.abs(equivariant.gap)).toBeLessThan(1e-12);
    expect(equivariant.disagreement).toBe(0);
    expect(partial.gap).toBeGreaterThan(1e-3);
    expect(Math.abs(partial.gap - partial.distance)).toBeLessThan(1e-6);
    own.dispose();
    other.dispose();
  });

  it('take any number of classes, or say how many they take', async () => {
    const runtime = await openRuntime({ precision: 'float32' });
    const [{ task }] = tasks(1) as [JudgedTask];
    const many = { ...task, classes: 40 };
    const own = networkClassifier(runtime, equiTabPfn(smallConfig, 0, shipped('equitabpfn')));
    expect(await own.scores(many)).toHaveLength(16 * 40);
    const other = networkClassifier(runtime, tabPfnStyle(smallBaseline, 0, shipped('baseline')));
    await expect(other.scores(many)).rejects.toThrow('the network has weights for 10 classes, not 40');
    own.dispose();
    other.dispose();
  });
});
