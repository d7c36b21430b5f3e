/** Runs what a repair needs: checks side by side, then the times of two models in turn. */
import { type Completed, type Scheduler, weightsFolder } from '../jobs/index.ts';
import type { BenchmarkPlan, CheckPlan, RunSettings, Task } from '../plan/plan.ts';
import type { BenchmarkOutcome, CheckOutcome } from '../report/index.ts';
import { showProgress } from './progress.ts';
import type { RepairFlags } from './repair-command.ts';
import { override } from './select-checks.ts';
import type { Terminal } from './terminal.ts';

export interface RanCheck {
  readonly plan: CheckPlan;
  readonly line: number;
  readonly outcome: CheckOutcome;
  readonly cached: boolean;
  readonly inputsHash: string;
}

export interface RepairRunner {
  /** All checks that have been run, in their order. */
  readonly finished: readonly RanCheck[];
  checks(wanted: readonly { readonly plan: CheckPlan; readonly line: number }[]): Promise<CheckOutcome[]>;
  /** Time of the second over that of the first; `undefined` where that cannot be had. */
  cost(plain: CheckPlan, wrapped: CheckPlan): Promise<{ ratio: number; batch: number } | undefined>;
}

/** Samples of one timed pass. */
const batch = 4;

export function createRunner(scheduler: Scheduler, flags: RepairFlags, terminal: Terminal): RepairRunner {
  const settings: RunSettings = {
    backend: flags.backend,
    maxDataBytes: flags.maxDataSize * 2 ** 20,
    ...(flags.python ? { python: flags.python } : {}),
    weightsFolder: weightsFolder(),
  };
  const finished: RanCheck[] = [];

  async function run(tasks: readonly (Task & { readonly id: string })[]): Promise<Completed[]> {
    const progress = showProgress(tasks.length, terminal);
    const completed = await Promise.all(
      tasks.map(async (task) => {
        const result = await scheduler.submit({
          task,
          settings,
          onStart: () => progress.onStart(task.id),
          onProgress: (heard) => progress.onProgress(task.id, heard),
        }).result;
        progress.onEnd(task.id, endText(result));
        return result;
      }),
    );
    progress.close();
    return completed;
  }

  return {
    finished,
    async checks(wanted) {
      const tasks = wanted.map(({ plan, line }) => ({ plan: override(plan, flags), line }));
      const completed = await run(tasks.map(({ plan }) => plan));
      return completed.map(({ outcome, ...rest }, i) => {
        const own = outcome as CheckOutcome;
        finished.push({ ...tasks[i]!, ...rest, outcome: own });
        return own;
      });
    },
    async cost({ model, data }, wrapped) {
      const plan: BenchmarkPlan = {
        kind: 'benchmark',
        id: `time of ${wrapped.model.name} and ${model.name}`,
        title: `benchmark ${wrapped.model.name}, ${model.name} on ${data.name}`,
        models: [wrapped.model, model],
        data,
        options: { batches: [batch], repeats: 7, warmup: 1, training: false, seconds: 10 },
        timeLimit: 60,
      };
      const [completed] = await run([plan]);
      const { benchmark } = completed!.outcome as BenchmarkOutcome;
      const ratio = benchmark?.runs[0]?.entries[0]?.forward.ratio;
      return ratio === undefined ? undefined : { ratio, batch };
    },
  };
}

function endText({ outcome, cached }: Completed): string {
  if (outcome.status !== 'done') return outcome.status === 'cancelled' ? 'cancelled' : 'not run';
  const result = ('verification' in outcome && outcome.verification?.verdict) || 'done';
  return cached ? `${result} (from the cache)` : result;
}
