/** Runs a discovery. */
import { discover, findingOf, loadDataset, type Model } from '@noether/engine';
import type { DiscoverPlan, RunSettings } from '../plan/plan.ts';
import type { DataFacts, DiscoverOutcome, ModelFacts } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { dataFacts, modelFacts, placed } from './facts.ts';
import { backendOf, openModel, sourcesOf, trialOf } from './open-model.ts';

/** Only cancellation rejects. */
export async function executeDiscover(
  task: DiscoverPlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<DiscoverOutcome> {
  const facts: { model?: ModelFacts; data?: DataFacts } = {};
  let model: Model | undefined;
  try {
    context.onProgress(0, 1, 'loading data');
    const dataset = await loadDataset(task.data, { maxBytes: settings.maxDataBytes });
    facts.data = dataFacts(task.data, dataset);
    context.onProgress(0, 1, 'opening the model');
    const trial = trialOf(task.model, dataset);
    model = await openModel(task.model, dataset.fields, settings, { trial });
    facts.model = modelFacts(task.model, model);
    const { findings, ...discovery } = await discover({
      model,
      dataset,
      ambient: task.ambient,
      options: task.options,
      sources: sourcesOf(task.model),
      onProgress: context.onProgress,
      signal: context.signal,
    });
    return {
      status: 'done',
      discovery,
      ...facts,
      ...(await backendOf(task.model, settings)),
      findings: findings.map((finding) => placed(finding, task.model, task.data)),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return { status: 'failed', ...facts, findings: [placed(findingOf(error), task.model, task.data)] };
  } finally {
    model?.dispose();
  }
}
