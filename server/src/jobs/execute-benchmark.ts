/** Runs a benchmark: all models in one process and in turns, on the same samples. */
import {
  benchmark,
  type Candidate,
  type Dataset,
  families,
  findingOf,
  type IndexSizes,
  loadDataset,
  type Model,
} from '@noether/engine';
import { innermostPlan } from '../plan/innermost.ts';
import type { BenchmarkPlan, ModelPlan, RunSettings } from '../plan/plan.ts';
import type { BenchmarkOutcome, DataFacts } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { dataFacts, placed } from './facts.ts';
import { backendOf, openModel, runtimes, sourcesOf } from './open-model.ts';

/** A user's mistake ends as findings; only cancellation rejects. */
export async function executeBenchmark(
  plan: BenchmarkPlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<BenchmarkOutcome> {
  const facts: { data?: DataFacts } = {};
  const models: Model[] = [];
  let opening: ModelPlan | undefined;
  try {
    context.onProgress(0, 1, 'loading data');
    const dataset = await loadDataset(plan.data, { maxBytes: settings.maxDataBytes });
    facts.data = dataFacts(plan.data, dataset);
    const candidates: Candidate[] = [];
    for (opening of plan.models) {
      context.onProgress(0, 1, `opening ${opening.name}`);
      const model = await openModel(opening, dataset.fields, settings);
      models.push(model);
      candidates.push(candidateOf(opening, model, dataset));
    }
    const result = await benchmark({
      candidates,
      dataset,
      options: plan.options,
      runtime: (await runtimes(settings)).float32,
      onProgress: context.onProgress,
      signal: context.signal,
    });
    const family = plan.models.find((model) => innermostPlan(model).kind === 'family');
    return {
      status: 'done',
      benchmark: result,
      ...facts,
      ...(family ? await backendOf(family, settings) : {}),
      findings: [],
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return { status: 'failed', ...facts, findings: [placed(findingOf(error), opening, plan.data)] };
  } finally {
    for (const model of models) model.dispose();
  }
}

/** A model as a benchmark takes it. */
export function candidateOf(plan: ModelPlan, model: Model, { fields }: Pick<Dataset, 'fields'>): Candidate {
  const family = plan.kind === 'family' ? families.find(({ name }) => name === plan.family) : undefined;
  return {
    name: plan.name,
    model,
    sources: sourcesOf(plan),
    ...(family?.flops && plan.kind === 'family'
      ? { flops: (sizes: IndexSizes) => family.flops!(plan.options, fields, sizes) }
      : {}),
  };
}
