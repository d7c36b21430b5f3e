/** From the model of a plan to one that can be run. */
import {
  type Field,
  type Model,
  openFamily,
  openOnnx,
  openRuntime,
  type Runtime,
  type Values,
  type WantedBackend,
} from '@noether/engine';
import type { ModelPlan, RunSettings } from '../plan/plan.ts';
import type { DescribeOutcome } from '../report/report.ts';
import { trainedWeights } from './trained-weights.ts';

export interface OpenOptions {
  /** Of untrained weights; default 0. */
  readonly seed?: number;
  /** A sample that untrained weights may be calibrated on. */
  readonly example?: Values;
}

/** @throws Fault `model/…`, `data/…`; `train/not-trained` for a trained model whose weights are nowhere. */
export async function openModel(
  plan: ModelPlan,
  fields: readonly Field[],
  settings: RunSettings,
  { seed, example }: OpenOptions = {},
): Promise<Model> {
  if (plan.kind === 'onnx') {
    return openOnnx({ file: plan.file, name: plan.name, inputs: plan.inputs, outputs: plan.outputs });
  }
  const { family, options } = plan;
  const weights = plan.trained ? (await trainedWeights(plan, settings)).file : plan.weights;
  return openFamily({ family, options, weights, fields, seed, example }, await runtimes(settings));
}

export async function runtimes(settings: RunSettings): Promise<{ float32: Runtime; float64: Runtime }> {
  const backend = settings.backend as WantedBackend;
  return {
    float32: await openRuntime({ precision: 'float32', backend }),
    float64: await openRuntime({ precision: 'float64' }),
  };
}

/** Where families run, and why there. */
export async function backendOf(
  plan: ModelPlan,
  settings: RunSettings,
): Promise<Pick<DescribeOutcome, 'backend'>> {
  if (plan.kind !== 'family') return {};
  return { backend: (await runtimes(settings)).float32.backend };
}

/** Declared sources of the inputs of a foreign model. */
export function sourcesOf(plan: ModelPlan): Record<string, string> {
  if (plan.kind !== 'onnx') return {};
  return Object.fromEntries(plan.inputs.flatMap(({ name, source }) => (source ? [[name, source]] : [])));
}
