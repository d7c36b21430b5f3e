/** Runs a discovery. */
import { discover } from '@noether/engine';
import type { DiscoverPlan, RunSettings } from '../plan/plan.ts';
import type { DiscoverOutcome } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { onModel } from './on-model.ts';
import { sourcesOf } from './open-model.ts';

/** Only cancellation rejects. */
export function executeDiscover(
  task: DiscoverPlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<DiscoverOutcome> {
  return onModel(task, settings, context, async (model, dataset) => {
    const { findings, ...discovery } = await discover({
      model,
      dataset,
      ambient: task.ambient,
      options: task.options,
      sources: sourcesOf(task.model),
      onProgress: context.onProgress,
      signal: context.signal,
    });
    return { found: { discovery }, findings };
  });
}
