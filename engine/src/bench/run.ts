/** Benchmarks models on real samples: time, operations, parameters, memory. */
import type { Dataset } from '../data/dataset.ts';
import { Fault } from '../fault.ts';
import { bindInputs } from '../model/binding.ts';
import type { Model } from '../model/model.ts';
import type { Trainable } from '../model/trainable.ts';
import type { IndexSizes } from '../signature.ts';
import type { Values } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import type { Benchmark, BenchmarkEntry, BenchmarkOptions, BenchmarkRun } from './benchmark.ts';
import { timeRounds } from './timing.ts';

export interface Candidate {
  readonly name: string;
  readonly model: Model;
  /** Operations of a forward pass of one sample, where they are known. */
  readonly flops?: (sizes: IndexSizes) => number | undefined;
  /** Declared sources of the model's inputs. */
  readonly sources?: Readonly<Record<string, string>>;
}

export interface BenchmarkRequest {
  /** The last one is the reference. */
  readonly candidates: readonly Candidate[];
  readonly dataset: Dataset;
  readonly options: BenchmarkOptions;
  /** Where families run: their tensors' memory is measured there. */
  readonly runtime?: Runtime;
  onProgress?(done: number, total: number, stage: string): void;
  readonly signal?: AbortSignal;
}

/**
 * @throws Fault `model/…` when the data cannot feed a model, `bench/no-models`; the signal's reason when aborted
 */
export async function benchmark(request: BenchmarkRequest): Promise<Benchmark> {
  const { candidates, options } = request;
  const started = performance.now();
  const reference = candidates.at(-1);
  if (!reference) {
    throw new Fault({
      code: 'bench/no-models',
      message: 'there is no model to benchmark',
      expected: 'at least one model',
      found: 'none',
      advice: 'Name the models: `benchmark a, b on DATA`.',
    });
  }
  const runs: BenchmarkRun[] = [];
  for (const batch of options.batches) runs.push(await benchmarkBatch(request, batch));
  return { reference: reference.name, runs, seconds: (performance.now() - started) / 1000 };
}

async function benchmarkBatch(request: BenchmarkRequest, batch: number): Promise<BenchmarkRun> {
  const { candidates, dataset, options, runtime, onProgress, signal } = request;
  // Samples are repeated when the data has fewer than a batch.
  const samples = Array.from({ length: batch }, (_, i) => dataset.samples[i % dataset.samples.length]!);
  const inputs = candidates.map(({ model, sources = {} }): Values[] => {
    const bindings = bindInputs(model.signature, dataset.fields, sources);
    return samples.map(({ values }) =>
      Object.fromEntries(bindings.map(({ input, field }) => [input.name, values[field.name]!])),
    );
  });
  const rounds = (stage: string, share: number) => ({
    repeats: options.repeats,
    warmup: options.warmup,
    seconds: share * options.seconds,
    onRound: (done: number, total: number) => onProgress?.(done, total, stage),
    ...(signal ? { signal } : {}),
  });
  const several = options.batches.length;
  const trainables = options.training ? await trainablesOf(candidates) : [];
  const share = (trainables.length > 0 ? 0.4 : 0.8) / several;
  const forward = await timeRounds(
    candidates.map(
      ({ model }, i) =>
        () =>
          model.evaluate(inputs[i]!, 'float32'),
    ),
    rounds(`forward, batch ${batch}`, share),
  );
  const steps =
    trainables.length > 0
      ? await timeRounds(
          trainables.map(
            ([index, trainable]) =>
              () =>
                gradientStep(trainable, inputs[index]!),
          ),
          rounds(`training step, batch ${batch}`, share),
        )
      : [];
  const entries: BenchmarkEntry[] = [];
  for (const [index, { name, model, flops }] of candidates.entries()) {
    const step = steps[trainables.findIndex(([owner]) => owner === index)];
    // Not for one sample known, not for the batch.
    const counts = samples.map(({ sizes }) => flops?.(sizes) ?? Number.NaN);
    const operations = counts.reduce((sum, count) => sum + count, 0) / batch;
    const isFamily = model.trainable !== undefined;
    const tensors = isFamily && runtime ? await peakBytes(runtime, model, inputs[index]!) : undefined;
    entries.push({
      model: name,
      title: model.title,
      backend: model.backend,
      precision: 'float32',
      ...(model.parameterCount === undefined ? {} : { parameterCount: model.parameterCount }),
      forward: forward[index]!,
      ...(step ? { step } : {}),
      ...(Number.isNaN(operations) ? {} : { flops: operations }),
      memory: { ...(tensors === undefined ? {} : { tensors }), process: process.memoryUsage().rss },
    });
  }
  return { batch, entries };
}

async function trainablesOf(candidates: readonly Candidate[]): Promise<[number, Trainable][]> {
  const found: [number, Trainable][] = [];
  for (const [index, { model }] of candidates.entries()) {
    if (model.trainable) found.push([index, await model.trainable()]);
  }
  return found;
}

/** Forward and the gradient of all weights; the sum of squares of all outputs stands for a loss. */
async function gradientStep(trainable: Trainable, inputs: readonly Values[]): Promise<void> {
  const { runtime, names, weights } = trainable;
  const { tf } = runtime;
  for (const chunk of trainable.chunks(inputs)) {
    const forward = trainable.prepare(chunk.map((i) => inputs[i]!));
    const { value, grads } = tf.tidy(() => {
      const changing = names.map((name) => runtime.tensor(weights[name]!));
      const loss = (...given: Tensor[]): Tensor => {
        const outputs = forward(Object.fromEntries(names.map((name, i) => [name, given[i]!])));
        return tf.addN(Object.values(outputs).map((output) => tf.sum(tf.square(output))));
      };
      return tf.valueAndGrads(loss as never)(changing) as never;
    }) as unknown as { value: Tensor; grads: Tensor[] };
    // Reading one number waits for all of them on backends that work ahead.
    await value.data();
    tf.dispose([value, ...grads]);
  }
}

/** Most bytes of tensors at once during a forward pass, beyond those that were there before. */
async function peakBytes(runtime: Runtime, model: Model, inputs: readonly Values[]): Promise<number> {
  const before = runtime.tf.memory().numBytes;
  const { peakBytes: peak } = await runtime.tf.profile((async () => {
    await model.evaluate(inputs, 'float32');
    return [];
  }) as never);
  return Math.max(0, peak - before);
}
