/** Pre-training on endless synthetic tables: one batch of the prior a step. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type PriorConfig, type PriorTable, priorBatch } from '../data/prior/index.ts';
import { Fault } from '../fault.ts';
import type { DeviceWeights } from '../model/device-weights.ts';
import type { TableNetwork } from '../model/table-network.ts';
import { type NdArray, real } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import { type CheckpointPlace, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { joined, layoutOf, unflatten, views } from './flat.ts';
import { lossSum } from './loss.ts';
import { clipped, optimiserStep } from './optimiser.ts';
import { rateFactor } from './schedule.ts';
import { openState } from './state.ts';
import type { CurvePoint } from './training.ts';

export interface PretrainOptions {
  readonly steps: number;
  /** AdamW's rate at its highest: it rises over `warmup` steps and falls as half a cosine. */
  readonly rate: number;
  readonly warmup: number;
  readonly decay: number;
  /** Largest norm of the gradient; 0: any. */
  readonly clip: number;
  /** Steps between two points of the curve. */
  readonly every: number;
  /** Of the tables. */
  readonly seed: number;
}

export interface PretrainRequest {
  readonly runtime: Runtime;
  readonly network: TableNetwork;
  readonly prior: PriorConfig;
  readonly options: PretrainOptions;
  /** Written every `seconds` (default 20), when aborted and at the end; a state of this very run that lies there is gone on from. */
  readonly checkpoint?: Omit<CheckpointPlace, 'identity'> & { readonly seconds?: number };
  /** A new point of the curve. */
  onPoint?(point: CurvePoint, seconds: number): void;
  readonly signal?: AbortSignal;
}

export interface Pretrained {
  readonly weights: Readonly<Record<string, NdArray>>;
  readonly curve: readonly CurvePoint[];
  /** Of wall time, over all sittings. */
  readonly seconds: number;
}

/**
 * Trains on batch `i` of the prior in step `i`, so that a run that goes on from its checkpoint does what the whole run would
 * have done, bit for bit on the same backend.
 * @throws Fault `train/not-finite`, `train/bad-checkpoint`, `data/not-written`; the signal's reason when aborted
 */
export async function pretrain(request: PretrainRequest): Promise<Pretrained> {
  const { runtime, network, prior, options, signal } = request;
  const { tf } = runtime;
  const layout = layoutOf(Object.keys(network.weights), network.weights);
  const identity = JSON.stringify([network.title, layout.names, layout.shapes, prior, options]);
  const place = request.checkpoint && { file: request.checkpoint.file, identity };
  const stored = place && readCheckpoint(place, layout);
  const start = { runtime, weights: network.weights };
  const state = openState(start, layout, { average: 0, patience: 0 }, stored);
  const started = performance.now();
  const seconds = (): number => (stored?.seconds ?? 0) + (performance.now() - started) / 1000;
  const save = async (): Promise<void> => {
    if (place) writeCheckpoint(place, layout, await state.stored(seconds()));
  };
  let savedAt = performance.now();
  try {
    while (state.done < options.steps) {
      if (signal?.aborted) {
        await save();
        signal.throwIfAborted();
      }
      await step();
      if (state.done % options.every === 0 || state.done === options.steps) {
        state.mark(undefined);
        request.onPoint?.(state.curve.at(-1)!, seconds());
      }
      if (performance.now() - savedAt > 1000 * (request.checkpoint?.seconds ?? 20)) {
        await save();
        savedAt = performance.now();
      }
      await nextTurn();
    }
    await save();
    const { flat } = await state.result();
    return { weights: unflatten(layout, flat), curve: [...state.curve], seconds: seconds() };
  } finally {
    state.dispose();
  }

  async function step(): Promise<void> {
    const { done } = state;
    const { tables, split } = priorBatch(prior, options.seed, done);
    const groups = byClasses(tables);
    const changing = views(runtime, layout, state.vectors.weights);
    let total: { loss: Tensor; gradient: Tensor } | undefined;
    for (const group of groups) {
      const share = group.length / groups.reduce((sum, { length }) => sum + length, 0);
      const part = tf.tidy(() => {
        const lossOf = (...weights: Tensor[]): Tensor => {
          const named: DeviceWeights = Object.fromEntries(layout.names.map((name, i) => [name, weights[i]!]));
          return tf.mul(meanLoss(runtime, network, named, group, split), share);
        };
        const { value, grads } = tf.valueAndGrads(lossOf as never)(changing);
        return { loss: value, gradient: joined(runtime, grads) } as never;
      }) as unknown as { loss: Tensor; gradient: Tensor };
      if (!total) total = part;
      else {
        const sum = { loss: tf.add(total.loss, part.loss), gradient: tf.add(total.gradient, part.gradient) };
        tf.dispose([total.loss, total.gradient, part.loss, part.gradient]);
        total = sum;
      }
    }
    tf.dispose(changing);
    const rate = options.rate * rateFactor({ kind: 'cosine', warmup: options.warmup }, done, options.steps);
    // No table of the batch had a usable split: the step passes, so that batches keep their numbers.
    const zeros = () => ({ loss: tf.scalar(0), gradient: tf.zeros([layout.size]) });
    const { loss, gradient } = total ?? zeros();
    const shortened = clipped(runtime, gradient, options.clip);
    const [value, norm] = [(await loss.data())[0]!, (await shortened.norm.data())[0]!];
    tf.dispose([loss, gradient, shortened.norm]);
    if (!Number.isFinite(value) || !Number.isFinite(norm)) {
      tf.dispose(shortened.gradient);
      throw notFinite(options, done + 1, `loss ${value}, norm of the gradient ${norm}`);
    }
    const next = optimiserStep(
      runtime,
      { optimiser: 'adamw', decay: options.decay },
      state.vectors,
      shortened.gradient,
      rate,
      done + 1,
    );
    tf.dispose(shortened.gradient);
    state.advance(next, value, rate);
  }
}

/** Tables that can run together; those that no loss counts are left out. */
function byClasses(tables: readonly PriorTable[]): PriorTable[][] {
  const groups = new Map<number, PriorTable[]>();
  for (const table of tables) {
    if (table.classes === 0) continue;
    const group = groups.get(table.classes) ?? [];
    group.push(table);
    groups.set(table.classes, group);
  }
  return [...groups.values()];
}

/** Mean cross entropy over the queries of all tables, which have one number of classes and features. */
export function meanLoss(
  runtime: Runtime,
  network: TableNetwork,
  weights: DeviceWeights,
  tables: readonly PriorTable[],
  split: number,
): Tensor {
  const { tf } = runtime;
  const [{ rows, features, classes }] = tables as [PriorTable];
  const values = new Float64Array(tables.length * rows * features);
  const labels = new Float64Array(tables.length * split * classes);
  const wanted = new Float64Array(tables.length * (rows - split));
  tables.forEach(({ x, y }, table) => {
    values.set(x, table * rows * features);
    for (let row = 0; row < split; row++) labels[(table * split + row) * classes + y[row]!] = 1;
    wanted.set(y.subarray(split), table * (rows - split));
  });
  const logits = network.logits(runtime, weights, {
    values: runtime.tensor(real([tables.length, rows, features], values)),
    labels: runtime.tensor(real([tables.length, split, classes], labels)),
  });
  const flat = tf.reshape(logits, [wanted.length, classes]);
  return tf.div(lossSum(runtime, 'cross_entropy', flat, wanted), wanted.length);
}

function notFinite({ rate }: PretrainOptions, step: number, found: string): Fault {
  return new Fault({
    code: 'train/not-finite',
    message: `training went out of bounds at step ${step}: ${found}`,
    expected: 'finite numbers',
    found,
    advice: `Lower the rate (now ${rate}), or shorten gradients.`,
  });
}
