import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Finding, findingOf } from '../fault.ts';
import { createGroup } from '../group/index.ts';
import type { Options } from '../model/description.ts';
import { verify } from '../verify/index.ts';
import { judge } from './judge.ts';
import { baseOptions, clouds, rapidash } from './testing.ts';
import { type Trained, type TrainRequest, train } from './train.ts';
import type { TrainOptions, TrainProgress } from './training.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-train-'));
afterAll(() => rmSync(folder, { recursive: true }));
const dataset = clouds(24);
const many = clouds(64, 2);

async function run(
  options: Partial<TrainOptions>,
  model: Options = { space: 'R3' },
  rest: Partial<TrainRequest> = {},
): Promise<Trained> {
  const opened = await rapidash(model);
  const trainable = await opened.trainable!();
  return train({ trainable, dataset, options: { ...baseOptions, ...options }, ...rest });
}

async function fault(running: Promise<unknown>): Promise<Finding> {
  return findingOf(
    await running.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

const shape: Options = { space: 'R3', hidden: 16, basis: 16, length_scale: 2 };

test('learns a scalar of shape, and says so in the unit of the data', async () => {
  const { training, weights } = await run(
    {
      steps: 240,
      every: 40,
      batch: 10,
      validation: 10,
      rate: 1e-2,
      schedule: { kind: 'cosine', warmup: 5 },
    },
    shape,
    { dataset: many },
  );
  const losses = training.curve.map(({ loss }) => loss);
  expect(losses.at(-1)).toBeLessThan(0.2 * losses[0]!);
  expect(training.samples).toEqual({ train: 54, validation: 10, test: 0 });
  expect(training.curve).toHaveLength(6);
  // Predicting the mean of all would be this far off.
  const energies = many.samples.map(({ values }) => values.energy!.data[0]!);
  const mean = energies.reduce((sum, e) => sum + e / energies.length, 0);
  const naive = energies.reduce((sum, e) => sum + Math.abs(e - mean) / energies.length, 0);
  expect(training.validation!.mae).toBeLessThan(0.3 * naive);
  const model = await rapidash(shape, weights);
  const { loss, standardisation } = training;
  const again = await judge({ model, dataset: many, loss, standardisation: standardisation!, seed: 0 });
  expect(again.mae).toBeLessThan(0.3 * naive);
  const verification = await verify({
    model,
    dataset: clouds(3),
    group: createGroup({ kind: 'E', dim: 3, scale: 1 }),
    options: { within: 'auto', elements: 8, confidence: 0.95, seed: 0 },
  });
  expect(verification.verdict).toBe('holds');
});

test('learns vectors and classes of points, over ragged batches', async () => {
  const oriented = { space: 'R3xS2', orientations: 6, level: 'point', scalar_outputs: 0, vector_outputs: 1 };
  const vectors = await run(
    { loss: { name: 'l1', field: 'forces' }, steps: 40, every: 10, rate: 1e-2 },
    oriented,
  );
  const first = vectors.training.curve[0]!.loss;
  expect(vectors.training.curve.at(-1)!.loss).toBeLessThan(0.6 * first);
  const classes = await run(
    { loss: { name: 'cross_entropy', field: 'side' }, steps: 80, every: 20, batch: 10, test: 10, rate: 1e-2 },
    { space: 'R3', level: 'point', scalar_outputs: 2 },
    { dataset: many },
  );
  expect(classes.training.test!.accuracy).toBeGreaterThan(0.75);
});

test('a run that was aborted goes on from its checkpoint, bit for bit', async () => {
  const options = {
    steps: 9,
    every: 3,
    validation: 4,
    average: 0.9,
    patience: 5,
    augment: { kind: 'SO', dim: 3 },
  } as const;
  const whole = await run(options);
  const checkpoint = { file: join(folder, 'run.safetensors'), identity: 'a' };
  const abortedAt = (last: number): Partial<TrainRequest> => {
    const controller = new AbortController();
    return {
      checkpoint,
      signal: controller.signal,
      onProgress: ({ step }) => step === last && controller.abort(new Error('enough')),
    };
  };
  await expect(run(options, undefined, abortedAt(4))).rejects.toThrow('enough');
  expect(readdirSync(folder)).toEqual(['run.safetensors']);
  // A checkpoint of another run is not taken up.
  const other = await run({ ...options, steps: 1 }, undefined, {
    checkpoint: { ...checkpoint, identity: 'b' },
  });
  expect(other.training.resumedAt).toBeUndefined();
  await expect(run(options, undefined, abortedAt(4))).rejects.toThrow('enough');
  const resumed = await run(options, undefined, { checkpoint });
  expect(resumed.training.resumedAt).toBe(4);
  expect(resumed.weights).toEqual(whole.weights);
  expect(resumed.training.curve).toEqual(whole.training.curve);
  expect(readdirSync(folder)).toEqual([]);
});

test('steps leave no tensors behind', async () => {
  const model = await rapidash({ space: 'R3' });
  const trainable = await model.trainable!();
  const { tf } = trainable.runtime;
  const go = (steps: number) =>
    train({ trainable, dataset, options: { ...baseOptions, steps, validation: 2, average: 0.9, clip: 1 } });
  await go(2);
  const before = tf.memory();
  const counts: number[] = [];
  await train({
    trainable,
    dataset,
    options: { ...baseOptions, steps: 30, validation: 2, average: 0.9, clip: 1, patience: 9 },
    onProgress: () => counts.push(tf.memory().numTensors),
  });
  expect(new Set(counts.slice(4)).size).toBe(1);
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
});

test('a loss that is not finite ends the run, with the step and what to do', async () => {
  expect(await fault(run({ rate: 1e30, optimiser: 'sgd', steps: 50 }))).toMatchObject({
    code: 'train/not-finite',
    message: expect.stringMatching(
      /^training went out of bounds at step [2-9]: (loss|gradient's norm) (NaN|Infinity)$/,
    ),
    advice: expect.stringContaining('Lower the rate (now 1e+30), shorten gradients with `clip: 1`'),
  });
});

test('stops when validation gets no better, and keeps the best weights', async () => {
  // A rate that throws the weights about: the first validations are the best.
  const { training } = await run({ steps: 60, every: 2, validation: 6, patience: 3, rate: 1 });
  expect(training.ended).toBe('no more progress');
  expect(training.steps).toBeLessThan(60);
  const best = Math.min(...training.curve.map(({ validation }) => validation!));
  expect(training.validation!.loss).toBeCloseTo(best, 5);
  expect(training.curve.find(({ step }) => step === training.bestStep)!.validation).toBe(best);
});

test('progress has the learning curve, from the first step on when a run is taken up again', async () => {
  const checkpoint = { file: join(folder, 'curve.safetensors'), identity: 'a' };
  const seen: number[][] = [];
  const note = ({ curve }: TrainProgress): unknown => seen.push(curve.map(({ step }) => step));
  const controller = new AbortController();
  const options = { steps: 6, every: 2, validation: 2 };
  const first = run(options, undefined, {
    checkpoint,
    signal: controller.signal,
    onProgress: (progress) => {
      note(progress);
      if (progress.step === 4) controller.abort(new Error('enough'));
    },
  });
  await expect(first).rejects.toThrow('enough');
  expect(seen).toEqual([[], [2], [2], [2, 4]]);
  await run(options, undefined, { checkpoint, onProgress: note });
  expect(seen.slice(4)).toEqual([
    [2, 4],
    [2, 4, 6],
  ]);
});

test('progress counts up, with the time that is left', async () => {
  const seen: TrainProgress[] = [];
  await run({ steps: 5 }, undefined, { onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  expect(seen.at(-1)!.secondsLeft).toBe(0);
  expect(seen[0]!.secondsLeft).toBeGreaterThan(0);
});

test('mistakes are named', async () => {
  expect(await fault(run({ loss: { name: 'mse', field: 'enrgy' } }))).toMatchObject({
    code: 'train/unknown-field',
    message: 'the loss needs the data field `enrgy`, which is not declared',
  });
  expect(await fault(run({ loss: { name: 'mse', field: 'side' } }))).toMatchObject({
    code: 'train/loss-does-not-fit',
    message: '`mse` is no loss for `side: category(2)[point]`',
    advice: 'Write `cross_entropy(side)`.',
  });
  expect(await fault(run({ loss: { name: 'cross_entropy', field: 'energy' } }))).toMatchObject({
    code: 'train/loss-does-not-fit',
  });
  expect(await fault(run({ loss: { name: 'l1', field: 'forces' } }))).toMatchObject({
    code: 'train/no-output',
    message: 'the model has no output that could predict `forces: vector[point]`',
    found: 'scalars: scalar',
  });
  expect(await fault(run({ patience: 2 }))).toMatchObject({ code: 'train/no-validation' });
});
