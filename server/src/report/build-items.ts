/** From the outcomes of trainings, benchmarks and claims to their part of a report. */
import type { BenchmarkPlan, ClaimPlan, TrainPlan } from '../plan/plan.ts';
import type {
  BenchmarkOutcome,
  BenchmarkReport,
  ClaimOutcome,
  ClaimReport,
  Report,
  TrainOutcome,
  TrainReport,
} from './report.ts';

/** One item that was run, or taken from the cache. */
export interface FinishedItem<P, O> {
  readonly plan: P;
  /** Absolute path of the specification, and the 1-based line of the item in it. */
  readonly file: string;
  readonly line: number;
  readonly outcome: O;
  readonly cached: boolean;
  readonly inputsHash: string;
}

export interface FinishedItems {
  readonly trainings?: readonly FinishedItem<TrainPlan, TrainOutcome>[];
  readonly benchmarks?: readonly FinishedItem<BenchmarkPlan, BenchmarkOutcome>[];
  readonly claims?: readonly FinishedItem<ClaimPlan, ClaimOutcome>[];
}

/** The part of a report that is there only when something of the kind was run. */
export function buildItems({ trainings = [], benchmarks = [], claims = [] }: FinishedItems): {
  readonly items: Pick<Report, 'trainings' | 'benchmarks' | 'claims'>;
  readonly summary: Pick<Report['summary'], 'trainings' | 'benchmarks' | 'claims'>;
} {
  const trained = trainings.map((item): TrainReport => ({ ...placed(item), ...item.outcome }));
  const benched = benchmarks.map((item): BenchmarkReport => ({ ...placed(item), ...item.outcome }));
  const claimed = claims.map(buildClaimReport);
  return {
    items: {
      ...(trained.length > 0 ? { trainings: trained } : {}),
      ...(benched.length > 0 ? { benchmarks: benched } : {}),
      ...(claimed.length > 0 ? { claims: claimed } : {}),
    },
    summary: {
      ...(trained.length > 0 ? { trainings: runTally(trained) } : {}),
      ...(benched.length > 0 ? { benchmarks: runTally(benched) } : {}),
      ...(claimed.length > 0 ? { claims: claimTally(claimed) } : {}),
    },
  };
}

export function buildClaimReport(item: FinishedItem<ClaimPlan, ClaimOutcome>): ClaimReport {
  const { plan, outcome } = item;
  const { text, expect } = plan;
  const asExpected = outcome.status === 'done' && outcome.decision?.verdict === expect;
  return { ...placed(item), text, expect, asExpected, ...outcome };
}

function placed<P extends { readonly id: string; readonly title: string }>({
  plan,
  file,
  line,
  cached,
  inputsHash,
}: FinishedItem<P, unknown>) {
  return { id: plan.id, title: plan.title, file, line, cached, inputsHash };
}

function runTally(reports: readonly { readonly status: string }[]): { done: number; notRun: number } {
  const done = reports.filter(({ status }) => status === 'done').length;
  return { done, notRun: reports.length - done };
}

function claimTally(reports: readonly ClaimReport[]): NonNullable<Report['summary']['claims']> {
  const asExpected = reports.filter((claim) => claim.asExpected).length;
  const notRun = reports.filter(({ status }) => status !== 'done').length;
  return {
    claims: reports.length,
    asExpected,
    notAsExpected: reports.length - asExpected - notRun,
    notRun,
  };
}
