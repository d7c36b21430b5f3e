/**
 * Runs one task of a plan with the engine. The only file, with the worker around it, that reaches tensors: everything
 * else in the server deals in plans and reports.
 */
import {
  createGroup,
  type Dataset,
  type Field,
  findingOf,
  loadDataset,
  type Model,
  targetOf,
  type VerifyRequest,
  verify,
} from '@noether/engine';
import type { CheckPlan, DescribePlan, RunSettings, Task } from '../plan/plan.ts';
import type { CheckOutcome, DataFacts, DescribeOutcome, ModelFacts } from '../report/report.ts';
import { executeBenchmark } from './execute-benchmark.ts';
import { executeClaim } from './execute-claim.ts';
import { executeCompare } from './execute-compare.ts';
import { executeDiscover } from './execute-discover.ts';
import { executeTrain } from './execute-train.ts';
import { dataFacts, modelFacts } from './facts.ts';
import type { Execute, Outcome } from './messages.ts';
import { onModel } from './on-model.ts';
import { openModel, sourcesOf } from './open-model.ts';

export type ExecuteContext = Parameters<Execute>[2];

/** Runs a task to its outcome. A user's mistake and a defect alike end as findings; only cancellation rejects. */
export async function execute(task: Task, settings: RunSettings, context: ExecuteContext): Promise<Outcome> {
  switch (task.kind) {
    case 'check':
      return check(task, settings, context);
    case 'describe':
      return describe(task, settings);
    case 'train':
      return executeTrain(task, settings, context);
    case 'benchmark':
      return executeBenchmark(task, settings, context);
    case 'compare':
      return executeCompare(task, settings, context);
    case 'discover':
      return executeDiscover(task, settings, context);
    case 'claim':
      return executeClaim(task, settings, context);
  }
}

function check(task: CheckPlan, settings: RunSettings, context: ExecuteContext): Promise<CheckOutcome> {
  return onModel(task, settings, context, async (model, dataset) => {
    const { findings, ...verification } = await verify({
      model,
      dataset,
      group: createGroup(task.group),
      options: task.options,
      sources: sourcesOf(task.model),
      ...softTarget(task, model, dataset),
      onProgress: context.onProgress,
      signal: context.signal,
    });
    return { found: { verification }, findings };
  });
}

/** The output and the labels that a loss of soft equivariance is about. */
function softTarget(
  { options }: CheckPlan,
  model: Model,
  dataset: Dataset,
): Partial<Pick<VerifyRequest, 'target'>> {
  const { loss } = options;
  if (!loss) return {};
  const { output, width } = targetOf(model.signature, dataset, loss);
  return { target: { loss: loss.name, field: loss.field, output: output.name, width } };
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
