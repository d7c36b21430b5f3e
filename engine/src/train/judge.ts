/** What a model is worth on data: its metrics, as it stands, perhaps on moved samples. */
import type { Dataset } from '../data/dataset.ts';
import { createGroup, type GroupSpec } from '../group/index.ts';
import { bindInputs } from '../model/binding.ts';
import type { Model } from '../model/model.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import { moved } from './augment.ts';
import { withNoise } from './denoising.ts';
import { metricsOf } from './metrics.ts';
import { inputsOf } from './problem.ts';
import { restored } from './standardise.ts';
import { targetOf, targetValues } from './target.ts';
import type { LossSpec, Metrics, Standardisation } from './training.ts';

export interface JudgeRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  /** Names the target, and how it is compared. */
  readonly loss: LossSpec;
  /** Of the training that the weights come from: turns outputs into the data's unit. */
  readonly standardisation?: Standardisation;
  /** Indices into the dataset's samples; all without it. */
  readonly samples?: readonly number[];
  /** Each sample is moved by a random element of it. */
  readonly move?: GroupSpec;
  /** Of the random elements. */
  readonly seed: number;
  readonly sources?: Readonly<Record<string, string>>;
}

/** @throws Fault `train/…`, `model/…`, `group/…` when model, data and target do not go together */
export async function judge(request: JudgeRequest): Promise<Metrics> {
  const { model, dataset, loss, standardisation, move, sources = {} } = request;
  const target = targetOf(model.signature, dataset, loss);
  const bindings = bindInputs(model.signature, dataset.fields, sources);
  const denoising = loss.name === 'denoising' ? model.denoising : undefined;
  const group = move && createGroup(move);
  const random = randomFromSeed(request.seed).stream('judge');
  const indices = request.samples ?? dataset.samples.map((_, i) => i);
  const samples = indices.map((index) => {
    const sample = dataset.samples[index]!;
    const seen = group ? moved(dataset, sample, group, random.stream(index)) : sample;
    return denoising ? withNoise(denoising, seen, random.stream('noise', index)) : seen;
  });
  const results = await model.evaluate(
    samples.map((sample) => inputsOf(bindings, sample)),
    'float32',
  );
  const judged = results.map((result, i) => {
    const values = result[target.output.name]!.data as Float64Array;
    return {
      predicted: standardisation ? restored(values, standardisation) : values,
      target: targetValues(target, [samples[i]!]),
    };
  });
  return metricsOf(target.kind, target.width, judged);
}
