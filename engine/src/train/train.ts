/** The training loop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dataset, Sample } from '../data/dataset.ts';
import type { Denoising } from '../diffusion/noise-level.ts';
import { Fault } from '../fault.ts';
import { createGroup } from '../group/index.ts';
import type { DeviceWeights } from '../model/device-weights.ts';
import type { Trainable } from '../model/trainable.ts';
import type { NdArray } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { moved } from './augment.ts';
import { batchOrder } from './batches.ts';
import { type CheckpointPlace, readCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { heldOutCopies, withNoise } from './denoising.ts';
import { layoutOf, unflatten, views } from './flat.ts';
import { metricsOf } from './metrics.ts';
import { clipped, optimiserStep } from './optimiser.ts';
import { lossAndGradient, type Problem, predict, problemOf } from './problem.ts';
import { rateFactor } from './schedule.ts';
import { splitOf } from './split.ts';
import { standardisationOf } from './standardise.ts';
import { openState, type State } from './state.ts';
import type { Metrics, Training, TrainOptions, TrainProgress } from './training.ts';

export interface TrainRequest {
  readonly trainable: Trainable;
  readonly dataset: Dataset;
  readonly options: TrainOptions;
  /** Declared sources of the model's inputs: input name -> data field. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Where the run keeps its state, at most every `seconds` (default 20) and when it is aborted. */
  readonly checkpoint?: CheckpointPlace & { readonly seconds?: number };
  onProgress?(progress: TrainProgress): void;
  /** Looked at before each step. */
  readonly signal?: AbortSignal;
}

export interface Trained {
  readonly training: Training;
  /** All that the model stores, by official name; float32 numbers. */
  readonly weights: Readonly<Record<string, NdArray>>;
}

/**
 * Trains. The same request gives the same numbers on the same backend, also when the run was aborted and taken up again
 * from its checkpoint.
 * @throws Fault `train/…`, `model/…`, `group/…`, `data/not-written`; the signal's reason when aborted.
 */
export async function train(request: TrainRequest): Promise<Trained> {
  const { trainable, dataset, options, checkpoint } = request;
  const run = runOf(request);
  const layout = layoutOf(trainable.names, trainable.weights);
  const stored = checkpoint && readCheckpoint(checkpoint, layout);
  const state = openState(trainable, layout, options, stored);
  const started = performance.now();
  const seconds = (): number => (stored?.seconds ?? 0) + (performance.now() - started) / 1000;
  const save = async (): Promise<void> => {
    if (checkpoint) writeCheckpoint(checkpoint, layout, await state.stored(seconds()));
  };
  const durations: number[] = [];
  let savedAt = performance.now();
  try {
    while (state.done < options.steps && !state.stopped) {
      if (request.signal?.aborted) {
        await save();
        request.signal.throwIfAborted();
      }
      const start = performance.now();
      await step(run, state);
      durations.push((performance.now() - start) / 1000);
      if (state.done % options.every === 0 || state.done === options.steps) await look(run, state);
      request.onProgress?.(progressOf(run, state, durations));
      if (checkpoint && performance.now() - savedAt > 1000 * (checkpoint.seconds ?? 20)) {
        await save();
        savedAt = performance.now();
      }
      // Messages, such as the one that aborts, arrive between two turns of the event loop only.
      await nextTurn();
    }
    const { flat, step: bestStep } = await state.result();
    const weights = { ...trainable.weights, ...unflatten(layout, flat) };
    const judge = (indices: readonly number[]): Promise<Metrics | undefined> =>
      state.withResult((changing) => metrics(run, changing, indices));
    const validation = await judge(run.split.validation);
    const test = await judge(run.split.test);
    if (checkpoint) removeCheckpoint(checkpoint);
    const { split, problem } = run;
    return {
      weights,
      training: {
        steps: state.done,
        stepsWanted: options.steps,
        ended: state.stopped ? 'no more progress' : 'all steps',
        ...(bestStep === undefined ? {} : { bestStep }),
        curve: state.curve,
        samples: {
          train: split.train.length,
          validation: split.validation.length,
          test: split.test.length,
        },
        ...(validation ? { validation } : {}),
        ...(test ? { test } : {}),
        output: problem.target.output.name,
        loss: options.loss,
        ...(problem.standardisation ? { standardisation: problem.standardisation } : {}),
        seed: options.seed,
        seconds: { total: seconds(), step: median(durations) },
        ...(stored ? { resumedAt: stored.done } : {}),
      },
    };
  } finally {
    state.dispose();
  }

  function runOf({ sources = {} }: TrainRequest): Run {
    const split = splitOf(dataset.samples.length, options);
    if (options.patience > 0 && split.validation.length === 0) {
      throw new Fault({
        code: 'train/no-validation',
        message: 'to stop early, training has to hold out samples to validate on',
        expected: 'validation above 0',
        found: '0',
        advice: 'Set `validation`, such as `validation: 0.1`, or take `patience` out.',
      });
    }
    const base = problemOf(trainable, dataset, options.loss, sources);
    const denoising = options.loss.name === 'denoising' ? trainable.denoising : undefined;
    // A denoiser scales by itself.
    const standardise = options.standardise && base.target.kind === 'numbers' && !denoising;
    const problem: Problem = standardise
      ? { ...base, standardisation: standardisationOf(base.target, pick(dataset, split.train)) }
      : base;
    return {
      problem,
      dataset,
      options,
      split,
      order: batchOrder(split.train, options.batch, options.seed),
      move: mover(dataset, options, denoising),
      heldOut: heldOutOf(dataset, options, denoising),
    };
  }
}

/** What stays the same over all steps. */
interface Run {
  readonly problem: Problem;
  readonly dataset: Dataset;
  readonly options: TrainOptions;
  readonly split: ReturnType<typeof splitOf>;
  readonly order: ReturnType<typeof batchOrder>;
  /** The sample as the step after `done` steps sees it; `place` is its place in the batch. */
  readonly move: (sample: Sample, done: number, place: number) => Sample;
  /** Samples that are judged on: the same ones every time. */
  readonly heldOut: (indices: readonly number[]) => Sample[];
}

function mover(
  dataset: Dataset,
  { augment, seed }: TrainOptions,
  denoising: Denoising | undefined,
): Run['move'] {
  const group = augment && createGroup(augment);
  const random = randomFromSeed(seed).stream('train', 'augment');
  const noise = randomFromSeed(seed).stream('train', 'noise');
  return (sample, done, place) => {
    const seen = group ? moved(dataset, sample, group, random.stream(done, place)) : sample;
    return denoising ? withNoise(denoising, seen, noise.stream(done, place)) : seen;
  };
}

function heldOutOf(
  dataset: Dataset,
  { seed }: TrainOptions,
  denoising: Denoising | undefined,
): Run['heldOut'] {
  if (!denoising) return (indices) => pick(dataset, indices);
  const noise = randomFromSeed(seed).stream('train', 'held out');
  return (indices) =>
    indices.flatMap((index) =>
      Array.from({ length: heldOutCopies }, (_, copy) =>
        withNoise(denoising, dataset.samples[index]!, noise.stream(index, copy)),
      ),
    );
}

async function step({ problem, dataset, options, order, move }: Run, state: State): Promise<void> {
  const { trainable } = problem;
  const { runtime } = trainable;
  const { tf } = runtime;
  const { done } = state;
  const samples = order(done).map((index, place) => move(dataset.samples[index]!, done, place));
  const changing = views(runtime, state.layout, state.vectors.weights);
  const { loss, gradient } = lossAndGradient(problem, state.layout, changing, samples);
  tf.dispose(changing);
  const shortened = clipped(runtime, gradient, options.clip);
  tf.dispose(gradient);
  const [value, norm] = [(await loss.data())[0]!, (await shortened.norm.data())[0]!];
  tf.dispose([loss, shortened.norm]);
  if (!Number.isFinite(value) || !Number.isFinite(norm)) {
    tf.dispose(shortened.gradient);
    throw notFinite(options, done + 1, Number.isFinite(value) ? `gradient's norm ${norm}` : `loss ${value}`);
  }
  const rate = options.rate * rateFactor(options.schedule, done, options.steps);
  state.advance(
    optimiserStep(runtime, options, state.vectors, shortened.gradient, rate, done + 1),
    value,
    rate,
  );
  tf.dispose(shortened.gradient);
}

function notFinite({ rate, clip }: TrainOptions, step: number, found: string): Fault {
  return new Fault({
    code: 'train/not-finite',
    message: `training went out of bounds at step ${step}: ${found}`,
    expected: 'finite numbers',
    found,
    advice: `Lower the rate (now ${rate})${clip > 0 ? '' : ', shorten gradients with `clip: 1`'}, warm up with \`schedule: cosine(…)\`, or look for extreme values in the data.`,
  });
}

/** A point of the learning curve, with a validation where there are samples for it. */
async function look(run: Run, state: State): Promise<void> {
  const { problem, split, options } = run;
  if (split.validation.length === 0) {
    state.mark(undefined);
    return;
  }
  const { loss } = await state.withJudged((changing) =>
    predict(problem, changing, run.heldOut(split.validation)),
  );
  await state.judge(loss, options.patience);
}

async function metrics(
  { problem, heldOut }: Run,
  changing: DeviceWeights,
  indices: readonly number[],
): Promise<Metrics | undefined> {
  if (indices.length === 0) return undefined;
  const { judged, loss } = await predict(problem, changing, heldOut(indices));
  return { loss, ...metricsOf(problem.target.kind, problem.target.width, judged) };
}

function pick({ samples }: Dataset, indices: readonly number[]): Sample[] {
  return indices.map((index) => samples[index]!);
}

/** The pace is the median of the last steps: one slow step must not frighten. */
function progressOf({ options }: Run, state: State, durations: readonly number[]): TrainProgress {
  const pace = median(durations.slice(-20));
  return {
    step: state.done,
    steps: options.steps,
    loss: state.lastLoss,
    rate: state.lastRate,
    secondsLeft: pace * (options.steps - state.done),
    curve: state.curve,
  };
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
