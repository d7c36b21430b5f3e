/** One run of a model on all samples, with how well it repeats itself and, where nothing better is to be had, its rounding. */
import type { Dataset } from '../data/dataset.ts';
import { createGroup } from '../group/index.ts';
import type { Model } from '../model/model.ts';
import type { Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import type { Precision } from '../tensor/runtime.ts';
import { perturbationMeter } from './floor.ts';
import { evaluateSamples, type Setting, settingOf } from './pairs.ts';
import { repeatDistances } from './repeat.ts';

/** Samples whose rounding is measured without a twin. */
const perturbed = 8;

export interface EvaluationRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  /** Declared sources of the model's inputs: input name -> data field. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly precision: Precision;
  /** Measure the rounding of this run by itself. */
  readonly rounding: boolean;
}

export interface Evaluation {
  readonly values: readonly Values[];
  /** For each output the largest distance between two passes on one sample. Not relative. */
  readonly repeat: Readonly<Record<string, number>>;
  /** For each output the rounding of one pass, for the first samples. Not relative. */
  readonly rounding?: Readonly<Record<string, readonly number[]>>;
}

/** @throws Fault `model/…` when the data cannot feed the model, `verify/non-finite` when an output is not finite. */
export async function evaluateRun(request: EvaluationRequest): Promise<Evaluation> {
  const { model, dataset, precision, sources = {} } = request;
  const setting = settingOf(model, dataset, createGroup({ kind: 'trivial' }), randomFromSeed(0), sources);
  const values = await evaluateSamples(setting, precision);
  const repeat = Object.fromEntries(await repeatDistances(setting, values, precision));
  if (!request.rounding) return { values, repeat };
  return { values, repeat, rounding: await roundingOf(setting, values, precision) };
}

/** The meter measures both sides of a pair; under the identity they are the same, so each has half. */
async function roundingOf(
  setting: Setting,
  values: readonly Values[],
  precision: Precision,
): Promise<Record<string, number[]>> {
  const { group, dataset, model } = setting;
  const pairs = dataset.samples
    .slice(0, perturbed)
    .map(({ sizes }, sample) => ({ sample, number: sample, element: group.identity(sizes) }));
  const measured = await perturbationMeter(setting, values, precision).measure(
    pairs,
    pairs.map(({ sample }) => values[sample]!),
  );
  return Object.fromEntries(
    model.signature.outputs.map(({ name }) => [name, measured.map(({ floor }) => floor[name]! / 2)]),
  );
}
