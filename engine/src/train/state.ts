/** What changes from step to step: vectors on the device, and the learning curve. */
import type { DeviceWeights } from '../model/device-weights.ts';
import type { Trainable } from '../model/trainable.ts';
import { type NdArray, real } from '../tensor/array.ts';
import type { Tensor } from '../tensor/runtime.ts';
import type { RunState } from './checkpoint.ts';
import { flatten, type Layout, views } from './flat.ts';
import type { OptimiserState } from './optimiser.ts';
import type { CurvePoint, TrainOptions } from './training.ts';

export interface State {
  readonly layout: Layout;
  readonly done: number;
  readonly vectors: OptimiserState;
  readonly curve: readonly CurvePoint[];
  readonly lastLoss: number;
  readonly lastRate: number;
  /** No validation was better for as long as patience allows. */
  readonly stopped: boolean;
  /** Takes over the vectors after a step, and frees the old ones. */
  advance(vectors: OptimiserState, loss: number, rate: number): void;
  /** Adds a point to the curve. */
  mark(validation: number | undefined): void;
  /** Adds a point, and remembers the weights where they are the best so far and patience is asked for. */
  judge(validation: number, patience: number): Promise<void>;
  /** Runs on the weights that are judged: their running average where there is one. */
  withJudged<T>(use: (weights: DeviceWeights) => Promise<T>): Promise<T>;
  /** Runs on the weights that come out: the best ones with patience, else the last. */
  withResult<T>(use: (weights: DeviceWeights) => Promise<T>): Promise<T>;
  result(): Promise<{ flat: NdArray; step?: number }>;
  /** For a checkpoint. @param seconds of wall time so far */
  stored(seconds: number): Promise<RunState>;
  dispose(): void;
}

/** @param stored a checkpoint of the same run to go on from */
export function openState(
  trainable: Pick<Trainable, 'runtime' | 'weights'>,
  layout: Layout,
  options: Pick<TrainOptions, 'average' | 'patience'>,
  stored: RunState | undefined,
): State {
  const { runtime } = trainable;
  const { tf } = runtime;
  const start = stored?.weights ?? flatten(layout, trainable.weights);
  const zeros = real([layout.size], new Float64Array(layout.size));
  let vectors: OptimiserState = {
    weights: runtime.tensor(start),
    first: runtime.tensor(stored?.first ?? zeros),
    second: runtime.tensor(stored?.second ?? zeros),
  };
  let average: Tensor | undefined =
    options.average > 0 ? runtime.tensor(stored?.average ?? start) : undefined;
  let best = stored?.best;
  let bestStep = stored?.bestStep;
  let bestLoss = stored?.bestLoss ?? Number.POSITIVE_INFINITY;
  let waited = stored?.waited ?? 0;
  let done = stored?.done ?? 0;
  let losses = [...(stored?.losses ?? [])];
  let lastLoss = losses.at(-1) ?? stored?.curve.at(-1)?.loss ?? Number.NaN;
  let lastRate = stored?.curve.at(-1)?.rate ?? 0;
  const curve: CurvePoint[] = [...(stored?.curve ?? [])];

  const run = async <T>(flat: Tensor, use: (weights: DeviceWeights) => Promise<T>): Promise<T> => {
    const parts = views(runtime, layout, flat);
    try {
      return await use(Object.fromEntries(layout.names.map((name, i) => [name, parts[i]!])));
    } finally {
      tf.dispose(parts);
    }
  };
  const state: State = {
    layout,
    get done() {
      return done;
    },
    get vectors() {
      return vectors;
    },
    get lastLoss() {
      return lastLoss;
    },
    get lastRate() {
      return lastRate;
    },
    get stopped() {
      return options.patience > 0 && waited >= options.patience;
    },
    curve,
    advance(next, loss, rate) {
      tf.dispose([vectors.weights, vectors.first, vectors.second]);
      vectors = next;
      done++;
      losses.push(loss);
      lastLoss = loss;
      lastRate = rate;
      if (!average) return;
      // A young average forgets faster, so that the untrained start does not linger in it.
      const decay = Math.min(options.average, (1 + done) / (10 + done));
      const old = average;
      average = tf.tidy(() => tf.add(tf.mul(old, decay), tf.mul(vectors.weights, 1 - decay)));
      old.dispose();
    },
    mark(validation) {
      if (losses.length === 0) return;
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      curve.push({
        step: done,
        loss,
        rate: lastRate,
        ...(validation === undefined ? {} : { validation }),
      });
      losses = [];
    },
    async judge(validation, patience) {
      state.mark(validation);
      if (patience === 0) return;
      if (validation < bestLoss) {
        bestLoss = validation;
        bestStep = done;
        best = await runtime.array(average ?? vectors.weights);
        waited = 0;
      } else waited++;
    },
    withJudged: (use) => run(average ?? vectors.weights, use),
    async withResult(use) {
      if (!best) return state.withJudged(use);
      const flat = runtime.tensor(best);
      try {
        return await run(flat, use);
      } finally {
        flat.dispose();
      }
    },
    async result() {
      if (best) return { flat: best, ...(bestStep === done ? {} : { step: bestStep }) } as never;
      return { flat: await runtime.array(average ?? vectors.weights) };
    },
    async stored(seconds) {
      return {
        done,
        weights: await runtime.array(vectors.weights),
        first: await runtime.array(vectors.first),
        second: await runtime.array(vectors.second),
        ...(average ? { average: await runtime.array(average) } : {}),
        ...(best ? { best } : {}),
        ...(bestStep === undefined ? {} : { bestStep }),
        ...(Number.isFinite(bestLoss) ? { bestLoss } : {}),
        waited,
        curve,
        losses,
        seconds,
      };
    },
    dispose() {
      tf.dispose([vectors.weights, vectors.first, vectors.second]);
      average?.dispose();
    },
  };
  return state;
}
