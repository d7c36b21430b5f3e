/** What reports say about models and data. */
import { type Dataset, type Field, type Finding, type Model, typeText } from '@noether/engine';
import { innermostPlan } from '../plan/innermost.ts';
import type { DataPlan, ModelPlan } from '../plan/plan.ts';
import type { DataFacts, ModelFacts } from '../report/report.ts';

export function modelFacts(plan: ModelPlan, model: Model): ModelFacts {
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

export function dataFacts(plan: DataPlan, dataset: Dataset): DataFacts {
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

/** Points a finding that names no file at the model's or the data's, so that it can be found. */
export function placed(finding: Finding, plan: ModelPlan | undefined, data: DataPlan | undefined): Finding {
  const { place } = finding;
  const model = plan && innermostPlan(plan);
  // A layer of a graph: the engine knows its name, and the plan the file.
  if (place?.member !== undefined && place.file === undefined && model?.kind === 'onnx') {
    return { ...finding, place: { ...place, file: model.file } };
  }
  if (place) return finding;
  if (data && finding.code.startsWith('data/')) return { ...finding, place: { file: data.file } };
  if (model && 'file' in model && finding.code.startsWith('model/')) {
    return { ...finding, place: { file: model.file } };
  }
  return finding;
}
