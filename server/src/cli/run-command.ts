/** `noether run`, `train`, `bench`, `compare` and `discover`: everything in a specification, or one kind of it, in the order of the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Completed,
  cacheFolder,
  createCache,
  createPool,
  createScheduler,
  type Scheduler,
  version,
  weightsFolder,
} from '../jobs/index.ts';
import { closest } from '../language/closest.ts';
import type {
  BenchmarkPlan,
  CheckPlan,
  ClaimPlan,
  ComparePlan,
  DiscoverPlan,
  ModelPlan,
  RunSettings,
  Task,
  TrainPlan,
} from '../plan/plan.ts';
import {
  type BenchmarkOutcome,
  buildReport,
  type ClaimOutcome,
  type CompareOutcome,
  type DiscoverOutcome,
  type FinishedCheck,
  type FinishedItem,
  type TrainOutcome,
} from '../report/index.ts';
import { type CheckFlags, type CommandContext, checkWritable, finish } from './check-command.ts';
import { commandLineFault } from './faults.ts';
import { type ProgressDisplay, showProgress } from './progress.ts';
import { override } from './select-checks.ts';
import { loadSpecifications } from './specifications.ts';

export interface RunFlags extends Omit<CheckFlags, 'watch' | 'replay'> {
  /** Trainings may replace files with other content at the place that they save to. */
  readonly overwrite?: boolean;
}

type Kind = Exclude<Task['kind'], 'describe'>;
type Plan = CheckPlan | TrainPlan | BenchmarkPlan | ComparePlan | DiscoverPlan | ClaimPlan;

/** What each command runs. */
const kinds = {
  run: ['train', 'check', 'benchmark', 'compare', 'discover', 'claim'],
  train: ['train'],
  bench: ['benchmark'],
  compare: ['compare'],
  discover: ['discover'],
} as const satisfies Record<string, readonly Kind[]>;

interface Step {
  readonly plan: Plan;
  readonly file: string;
  readonly line: number;
}

/** Returns the exit code. @throws CommandLineFault when the command line is wrong. */
export async function runCommand(
  command: keyof typeof kinds,
  names: readonly string[],
  flags: RunFlags,
  { terminal, interruption }: CommandContext,
): Promise<number> {
  if (flags.json !== undefined && flags.json !== '-') checkWritable(flags.json);
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const pool = createPool({ workers: flags.workers, memoryLimit: flags.memoryLimit, log });
  const scheduler = createScheduler(
    pool,
    flags.cache ? createCache({ folder: cacheFolder(), log }) : undefined,
  );
  interruption.onInterrupt(() => void scheduler.close());
  // Checks and claims find the weights of this very run there, also when nothing is to be kept.
  const passing = flags.cache ? undefined : mkdtempSync(join(tmpdir(), 'noether-weights-'));
  const settings: RunSettings = {
    backend: flags.backend,
    maxDataBytes: flags.maxDataSize * 2 ** 20,
    ...(flags.python ? { python: flags.python } : {}),
    weightsFolder: passing ?? weightsFolder(),
  };
  try {
    const loaded = await loadSpecifications(names);
    const all: Step[] = [...loaded.checks, ...loaded.items];
    const wanted: readonly Kind[] = kinds[command];
    const steps = selected(
      all.filter(({ plan }) => wanted.includes(plan.kind)),
      flags.only ?? [],
    ).map((step) => ({ ...step, plan: withFlags(step.plan, flags) }));
    const started = new Date();
    const begin = performance.now();
    const progress = showProgress(steps.length, terminal);
    const completed = await runInOrder(steps, settings, scheduler, progress);
    progress.close();
    const of = <P extends Plan, O>(kind: P['kind']): FinishedItem<P, O>[] =>
      completed.filter(({ plan }) => plan.kind === kind) as unknown as FinishedItem<P, O>[];
    const report = buildReport({
      engine: version,
      started,
      seconds: (performance.now() - begin) / 1000,
      checks: completed
        .filter(({ plan }) => plan.kind === 'check')
        .map((step) => ({ ...step, backend: flags.backend }) as FinishedCheck),
      trainings: of<TrainPlan, TrainOutcome>('train'),
      benchmarks: of<BenchmarkPlan, BenchmarkOutcome>('benchmark'),
      comparisons: of<ComparePlan, CompareOutcome>('compare'),
      discoveries: of<DiscoverPlan, DiscoverOutcome>('discover'),
      claims: of<ClaimPlan, ClaimOutcome>('claim'),
      findings: loaded.findings,
    });
    return finish(report, flags, terminal, interruption);
  } finally {
    await scheduler.close();
    if (passing) rmSync(passing, { recursive: true, force: true });
  }
}

/**
 * One after the other, since checks and claims rest on the trainings before them and times are only fair alone; checks in a
 * row run side by side.
 */
async function runInOrder(
  steps: readonly Step[],
  settings: RunSettings,
  scheduler: Scheduler,
  progress: ProgressDisplay,
): Promise<(Step & Completed)[]> {
  const results: (Step & Completed)[] = [];
  const ordered = steps.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  for (let first = 0; first < ordered.length; ) {
    let end = first + 1;
    if (ordered[first]!.plan.kind === 'check') {
      while (ordered[end]?.plan.kind === 'check') end++;
    }
    const together = ordered.slice(first, end).map(async (step) => {
      const { plan } = step;
      const completed = await scheduler.submit({
        task: plan,
        settings,
        onStart: () => progress.onStart(plan.id),
        onProgress: (heard) => progress.onProgress(plan.id, heard),
      }).result;
      progress.onEnd(plan.id, endText(completed));
      return { ...step, ...completed };
    });
    results.push(...(await Promise.all(together)));
    first = end;
  }
  return results;
}

function endText({ outcome, cached }: Completed): string {
  if (outcome.status !== 'done') return outcome.status === 'cancelled' ? 'cancelled' : 'not run';
  const result =
    'verification' in outcome && outcome.verification
      ? outcome.verification.verdict
      : 'decision' in outcome && outcome.decision
        ? outcome.decision.verdict
        : 'agreement' in outcome && outcome.agreement
          ? outcome.agreement.verdict
          : 'discovery' in outcome && outcome.discovery
            ? outcome.discovery.verdict === 'undecided'
              ? 'undecided'
              : outcome.discovery.found
            : 'weights' in outcome && outcome.weights?.reused
              ? 'trained before'
              : 'done';
  return cached ? `${result} (from the cache)` : result;
}

/** The command line wins over the specification. */
function withFlags(plan: Plan, flags: RunFlags): Plan {
  if (plan.kind === 'check') return override(plan, flags);
  const limited = { ...plan, timeLimit: flags.timeLimit ?? plan.timeLimit };
  return limited.kind === 'train' && flags.overwrite ? { ...limited, overwrite: true } : limited;
}

/** Items whose id, title or model is one of `only`; all without it. @throws Fault when a name is nobody's. */
function selected(steps: readonly Step[], only: readonly string[]): Step[] {
  if (only.length === 0) return [...steps];
  const namesOf = ({ plan }: Step) => [plan.id, plan.title, ...modelsOf(plan).map(({ name }) => name)];
  for (const name of only) {
    if (steps.some((step) => namesOf(step).includes(name))) continue;
    const near = closest(name, steps.flatMap(namesOf));
    throw commandLineFault('spec/no-such-item', {
      message: `There is nothing named "${name}" to run`,
      expected:
        steps.length > 0 ? steps.map(({ plan }) => plan.id).join(', ') : 'a specification with such items',
      advice: near ? `Did you mean "${near}"?` : undefined,
    });
  }
  return steps.filter((step) => namesOf(step).some((name) => only.includes(name)));
}

function modelsOf(plan: Plan): readonly ModelPlan[] {
  if (plan.kind === 'benchmark') return plan.models;
  if (plan.kind === 'compare') return plan.other ? [plan.model, plan.other] : [plan.model];
  return plan.kind === 'claim' ? plan.measures.map(({ model }) => model) : [plan.model];
}
