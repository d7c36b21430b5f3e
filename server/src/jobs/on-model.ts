/** What checks and discoveries have in common: data is loaded, a model opened, something found out about it, and told as an outcome. */
import { type Dataset, type Finding, findingOf, loadDataset, type Model } from '@noether/engine';
import type { DataPlan, ModelPlan, RunSettings } from '../plan/plan.ts';
import type { DataFacts, DescribeOutcome, ModelFacts } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { dataFacts, modelFacts, placed } from './facts.ts';
import { backendOf, openModel, trialOf } from './open-model.ts';

interface Facts {
  model?: ModelFacts;
  data?: DataFacts;
}

type Told<T> = Facts & { readonly findings: readonly Finding[] } & (
    | { readonly status: 'failed' }
    | (T & { readonly status: 'done'; readonly backend?: DescribeOutcome['backend'] })
  );

/**
 * @param find what is found out, and the findings about it
 * @returns with the facts that were known by then; only cancellation rejects
 */
export async function onModel<T extends object>(
  task: { readonly model: ModelPlan; readonly data: DataPlan },
  settings: RunSettings,
  { onProgress, signal }: ExecuteContext,
  find: (model: Model, dataset: Dataset) => Promise<{ found: T; findings: readonly Finding[] }>,
): Promise<Told<T>> {
  const facts: Facts = {};
  let model: Model | undefined;
  try {
    onProgress(0, 1, 'loading data');
    const dataset = await loadDataset(task.data, { maxBytes: settings.maxDataBytes });
    facts.data = dataFacts(task.data, dataset);
    onProgress(0, 1, 'opening the model');
    const trial = trialOf(task.model, dataset);
    model = await openModel(task.model, dataset.fields, settings, { trial });
    facts.model = modelFacts(task.model, model);
    const { found, findings } = await find(model, dataset);
    return {
      status: 'done',
      ...found,
      ...facts,
      ...(await backendOf(task.model, settings)),
      findings: findings.map((finding) => placed(finding, task.model, task.data)),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 'failed', ...facts, findings: [placed(findingOf(error), task.model, task.data)] };
  } finally {
    model?.dispose();
  }
}
