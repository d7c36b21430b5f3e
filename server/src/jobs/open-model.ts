/** From the model of a plan to one that can be run. */
import {
  bindInputs,
  type Dataset,
  type Field,
  type Model,
  openFamily,
  openOnnx,
  openPython,
  openRuntime,
  openTfjs,
  type Runtime,
  type Values,
  type WantedBackend,
  wrapModel,
} from '@noether/engine';
import { innermostPlan } from '../plan/innermost.ts';
import type { ModelPlan, RunSettings } from '../plan/plan.ts';
import type { DescribeOutcome } from '../report/report.ts';
import { trainedWeights } from './trained-weights.ts';

export interface OpenOptions {
  /** Of untrained weights; default 0. */
  readonly seed?: number;
  /** A sample that untrained weights may be calibrated on. */
  readonly example?: Values;
  /** A sample, by the inputs' names, that models which run elsewhere are tried on at once. */
  readonly trial?: Values;
  /** The runtime of an ONNX file; the fastest that loads without it. */
  readonly onnxRuntime?: 'onnxruntime-web' | 'onnxruntime-node';
}

/** @throws Fault `model/…`, `data/…`; `train/not-trained` for a trained model whose weights are nowhere. */
export async function openModel(
  plan: ModelPlan,
  fields: readonly Field[],
  settings: RunSettings,
  options: OpenOptions = {},
): Promise<Model> {
  const { seed, example, trial, onnxRuntime } = options;
  if (plan.kind === 'wrapped') {
    const inner = await openModel(plan.model, fields, settings, options);
    try {
      return wrapModel(inner, plan.wrap, (await runtimes(settings)).float64);
    } catch (error) {
      inner.dispose();
      throw error;
    }
  }
  if (plan.kind === 'onnx' || plan.kind === 'tfjs') {
    const { file, name, inputs, outputs } = plan;
    const spec = { file, name, inputs, outputs };
    return plan.kind === 'onnx'
      ? openOnnx(spec, { runtime: onnxRuntime })
      : openTfjs(spec, await runtimes(settings));
  }
  if (plan.kind === 'python') {
    const { kind: _, ...spec } = plan;
    const log = (line: string) => void process.stderr.write(`python: ${line}\n`);
    return openPython(spec, {
      seed,
      example: trial,
      setting: settings.python,
      mostBytes: settings.maxDataBytes,
      log,
    });
  }
  const { family, options: own } = plan;
  const weights = plan.trained ? (await trainedWeights(plan, settings)).file : plan.weights;
  return openFamily({ family, options: own, weights, fields, seed, example }, await runtimes(settings));
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
  const { kind } = innermostPlan(plan);
  if (kind !== 'family' && kind !== 'tfjs') return {};
  return { backend: (await runtimes(settings)).float32.backend };
}

/** The inputs that the first sample feeds a model of the user's own with. @throws Fault as `bindInputs` does. */
export function trialOf(model: ModelPlan, { fields, samples }: Dataset): Values | undefined {
  const [sample] = samples;
  const plan = innermostPlan(model);
  if (plan.kind !== 'python' || !sample) return undefined;
  const bindings = bindInputs({ inputs: plan.inputs, outputs: [] }, fields, sourcesOf(plan));
  return Object.fromEntries(bindings.map(({ input, field }) => [input.name, sample.values[field.name]!]));
}

/** Declared sources of the inputs of a foreign model. */
export function sourcesOf(model: ModelPlan): Record<string, string> {
  const plan = innermostPlan(model);
  if (plan.kind === 'family') return {};
  return Object.fromEntries(plan.inputs.flatMap(({ name, source }) => (source ? [[name, source]] : [])));
}
