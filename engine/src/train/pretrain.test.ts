import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { officialPrior, type PriorConfig } from '../data/prior/index.ts';
import type { TableNetwork } from '../model/table-network.ts';
import { real } from '../tensor/array.ts';
import { openRuntime } from '../tensor/index.ts';
import { type PretrainOptions, type PretrainRequest, pretrain } from './pretrain.ts';

const scratch = mkdtempSync(join(tmpdir(), 'noether-pretrain-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Labels of alike rows: how much alike, and how sure, are the two weights. */
const smoother: TableNetwork = {
  title: 'smoother',
  columns: 5,
  classes: Number.POSITIVE_INFINITY,
  weights: { alike: real([1], [0.01]), sure: real([1], [0.5]) },
  logits({ tf }, { alike, sure }, { values, labels }) {
    const [batch, known] = labels.shape as [number, number];
    const [, rows, p] = values.shape as [number, number, number];
    const train = tf.slice(values, [0, 0, 0], [batch, known, p]);
    const queries = tf.slice(values, [0, known, 0], [batch, rows - known, p]);
    const products = tf.matMul(tf.mul(queries, alike!), train, false, true);
    return tf.mul(tf.matMul(tf.softmax(products), labels), sure!);
  },
};
const prior: PriorConfig = {
  ...officialPrior,
  rows: 40,
  tables: 3,
  mostFeatures: 4,
  mostClasses: 4,
  columns: 4,
  split: [15, 30],
};
const options: PretrainOptions = { steps: 30, rate: 0.1, warmup: 3, decay: 0, clip: 1, every: 10, seed: 5 };

async function run(more: Partial<PretrainRequest> = {}) {
  return pretrain({
    runtime: await openRuntime({ precision: 'float32' }),
    network: smoother,
    prior,
    options,
    ...more,
  });
}

describe('pre-training on the prior', () => {
  it('learns, and marks its way', async () => {
    const points: number[] = [];
    const { curve, weights } = await run({ onPoint: ({ step }) => points.push(step) });
    expect(points).toEqual([10, 20, 30]);
    expect(curve.map(({ step }) => step)).toEqual(points);
    expect(curve[2]!.loss).toBeLessThan(curve[0]!.loss);
    expect(weights.sure!.data[0]).toBeGreaterThan(1);
  });

  it('goes on from its checkpoint bit for bit, and takes up no other run', async () => {
    const whole = await run();
    const checkpoint = { file: join(scratch, 'run.safetensors') };
    const controller = new AbortController();
    const stopped = run({
      checkpoint,
      signal: controller.signal,
      onPoint: () => controller.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
    const steps: number[] = [];
    const resumed = await run({ checkpoint, onPoint: ({ step }) => steps.push(step) });
    expect(steps).toEqual([20, 30]);
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.curve).toEqual(whole.curve);
    const other = await run({ checkpoint, options: { ...options, seed: 6 } });
    expect(other.curve[0]!.step).toBe(10);
    expect(other.weights).not.toEqual(whole.weights);
  });

  it('says when it goes out of bounds', async () => {
    const wild = { ...smoother, weights: { alike: real([1], [1e30]), sure: real([1], [1e38]) } };
    await expect(run({ network: wild })).rejects.toThrow(/training went out of bounds at step 1: loss/);
  });
});
