/**
 * Runs one task of a plan with the engine. The only file, with the worker around it, that reaches tensors: everything
 * else in the server deals in plans and reports.
 */
import {
  type BackendName,
  createGroup,
  type Dataset,
  type Field,
  type Finding,
  findingOf,
  loadDataset,
  type Model,
  openFamily,
  openOnnx,
  openRuntime,
  typeText,
  verify,
} from '@noether/engine';
import type { CheckPlan, DataPlan, DescribePlan, ModelPlan, RunSettings, Task } from '../plan/plan.ts';
import type { CheckOutcome, DataFacts, DescribeOutcome, ModelFacts } from '../report/report.ts';

export interface ExecuteContext {
  onProgress(done: number, total: number, stage: string): void;
  readonly signal: AbortSignal;
}

/** Runs a task to its outcome. A user's mistake and a defect alike end as findings; only cancellation rejects. */
export async function execute(
  task: Task,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<CheckOutcome | DescribeOutcome> {
  return task.kind === 'check' ? check(task, settings, context) : describe(task, settings);
}

async function check(task: CheckPlan, settings: RunSettings, context: ExecuteContext): Promise<CheckOutcome> {
  const facts: { model?: ModelFacts; data?: DataFacts } = {};
  let model: Model | undefined;
  try {
    context.onProgress(0, 1, 'loading data');
    const dataset = await loadDataset(task.data, { maxBytes: settings.maxDataBytes });
    facts.data = dataFacts(task.data, dataset);
    context.onProgress(0, 1, 'opening the model');
    model = await openModel(task.model, dataset.fields, settings);
    facts.model = modelFacts(task.model, model);
    const verification = await verify({
      model,
      dataset,
      group: createGroup(task.group),
      options: task.options,
      sources: sourcesOf(task.model),
      onProgress: context.onProgress,
      signal: context.signal,
    });
    return {
      status: 'done',
      verification,
      ...facts,
      ...(await backendOf(task.model, settings)),
      findings: [],
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return { status: 'failed', ...facts, findings: [placed(findingOf(error), task)] };
  } finally {
    model?.dispose();
  }
}

async function describe(task: DescribePlan, settings: RunSettings): Promise<DescribeOutcome> {
  const facts: { model?: ModelFacts; data?: DataFacts } = {};
  try {
    let fields: readonly Field[] = [];
    if (task.data) {
      const dataset = await loadDataset(task.data, { maxBytes: settings.maxDataBytes });
      fields = dataset.fields;
      facts.data = dataFacts(task.data, dataset);
    }
    if (task.model) {
      const model = await openModel(task.model, fields, settings);
      facts.model = modelFacts(task.model, model);
      model.dispose();
    }
    return { status: 'done', ...facts, findings: [] };
  } catch (error) {
    return { status: 'failed', ...facts, findings: [findingOf(error)] };
  }
}

async function openModel(plan: ModelPlan, fields: readonly Field[], settings: RunSettings): Promise<Model> {
  if (plan.kind === 'onnx') {
    return openOnnx({ file: plan.file, name: plan.name, inputs: plan.inputs, outputs: plan.outputs });
  }
  const backend = settings.backend as BackendName | 'auto';
  const runtimes = {
    float32: await openRuntime({ precision: 'float32', backend }),
    float64: await openRuntime({ precision: 'float64' }),
  };
  const { family, options, weights } = plan;
  return openFamily({ family, options, weights, fields }, runtimes);
}

async function backendOf(plan: ModelPlan, settings: RunSettings): Promise<Pick<CheckOutcome, 'backend'>> {
  if (plan.kind !== 'family') return {};
  const backend = settings.backend as BackendName | 'auto';
  return { backend: (await openRuntime({ precision: 'float32', backend })).backend };
}

/** Declared sources of the inputs of a foreign model. */
function sourcesOf(plan: ModelPlan): Record<string, string> {
  if (plan.kind !== 'onnx') return {};
  return Object.fromEntries(plan.inputs.flatMap(({ name, source }) => (source ? [[name, source]] : [])));
}

/** Points a finding that names no file at the model's or the data's, so that it can be found. */
function placed(finding: Finding, task: CheckPlan): Finding {
  if (finding.place) return finding;
  if (finding.code.startsWith('data/')) return { ...finding, place: { file: task.data.file } };
  if (finding.code.startsWith('model/') && task.model.kind === 'onnx') {
    return { ...finding, place: { file: task.model.file } };
  }
  return finding;
}

function modelFacts(plan: ModelPlan, model: Model): ModelFacts {
  const describeFields = (fields: readonly Field[]) =>
    fields.map(({ name, type }) => ({ name, type: typeText(type) }));
  return {
    name: plan.name,
    title: model.title,
    parameterCount: model.parameterCount,
    inputs: describeFields(model.signature.inputs),
    outputs: describeFields(model.signature.outputs),
    backend: model.backend,
  };
}

function dataFacts(plan: DataPlan, dataset: Dataset): DataFacts {
  const sizes: Record<string, { min: number; max: number }> = {};
  for (const sample of dataset.samples) {
    for (const [index, size] of Object.entries(sample.sizes)) {
      const range = sizes[index];
      sizes[index] = range
        ? { min: Math.min(range.min, size), max: Math.max(range.max, size) }
        : { min: size, max: size };
    }
  }
  const [first] = dataset.samples;
  return {
    name: plan.name,
    file: plan.file,
    samples: dataset.samples.length,
    available: dataset.available,
    fields: dataset.fields.map(({ name, type }) => ({
      name,
      type: typeText(type),
      shape: `[${first?.values[name]?.shape.join(', ') ?? ''}]`,
    })),
    sizes,
  };
}
