/** From the outcomes of trainings, benchmarks, comparisons, discoveries and claims to their part of a report. */
import { groupText } from '@noether/engine/catalog';
import type { BenchmarkPlan, ClaimPlan, ComparePlan, DiscoverPlan, TrainPlan } from '../plan/plan.ts';
import type {
  BenchmarkOutcome,
  BenchmarkReport,
  ClaimOutcome,
  ClaimReport,
  CompareOutcome,
  CompareReport,
  DiscoverOutcome,
  DiscoverReport,
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
  readonly comparisons?: readonly FinishedItem<ComparePlan, CompareOutcome>[];
  readonly discoveries?: readonly FinishedItem<DiscoverPlan, DiscoverOutcome>[];
  readonly claims?: readonly FinishedItem<ClaimPlan, ClaimOutcome>[];
}

type Kinds = 'trainings' | 'benchmarks' | 'comparisons' | 'discoveries' | 'claims';

/** The part of a report that is there only when something of the kind was run. */
export function buildItems({
  trainings = [],
  benchmarks = [],
  comparisons = [],
  discoveries = [],
  claims = [],
}: FinishedItems): {
  readonly items: Pick<Report, Kinds>;
  readonly summary: Pick<Report['summary'], Kinds>;
} {
  const trained = trainings.map((item): TrainReport => ({ ...placed(item), ...item.outcome }));
  const benched = benchmarks.map((item): BenchmarkReport => ({ ...placed(item), ...item.outcome }));
  const compared = comparisons.map(buildCompareReport);
  const discovered = discoveries.map(buildDiscoverReport);
  const claimed = claims.map(buildClaimReport);
  return {
    items: {
      ...(trained.length > 0 ? { trainings: trained } : {}),
      ...(benched.length > 0 ? { benchmarks: benched } : {}),
      ...(compared.length > 0 ? { comparisons: compared } : {}),
      ...(discovered.length > 0 ? { discoveries: discovered } : {}),
      ...(claimed.length > 0 ? { claims: claimed } : {}),
    },
    summary: {
      ...(trained.length > 0 ? { trainings: runTally(trained) } : {}),
      ...(benched.length > 0 ? { benchmarks: runTally(benched) } : {}),
      ...(compared.length > 0
        ? { comparisons: { comparisons: compared.length, ...verdictTally(compared) } }
        : {}),
      ...(discovered.length > 0
        ? { discoveries: { discoveries: discovered.length, ...verdictTally(discovered) } }
        : {}),
      ...(claimed.length > 0 ? { claims: { claims: claimed.length, ...verdictTally(claimed) } } : {}),
    },
  };
}

export function buildClaimReport(item: FinishedItem<ClaimPlan, ClaimOutcome>): ClaimReport {
  const { plan, outcome } = item;
  const { text, expect } = plan;
  const asExpected = outcome.status === 'done' && outcome.decision?.verdict === expect;
  return { ...placed(item), text, expect, asExpected, ...outcome };
}

export function buildCompareReport(item: FinishedItem<ComparePlan, CompareOutcome>): CompareReport {
  const { plan, outcome } = item;
  const { expect } = plan;
  const asExpected = outcome.status === 'done' && outcome.agreement?.verdict === expect;
  return { ...placed(item), expect, asExpected, ...outcome };
}

export function buildDiscoverReport(item: FinishedItem<DiscoverPlan, DiscoverOutcome>): DiscoverReport {
  const { plan, outcome } = item;
  const { discovery } = outcome;
  const expect = plan.expect && groupText(plan.expect);
  const found = discovery?.checks.length ? discovery.checks : ['trivial'];
  const same =
    expect === undefined || (found.length === 1 && withoutRanges(found[0]!) === withoutRanges(expect));
  const asExpected =
    outcome.status === 'done' && discovery !== undefined && discovery.verdict !== 'undecided' && same;
  return { ...placed(item), ...(expect ? { expect } : {}), asExpected, ...outcome };
}

/** `SE(3, scale: 10)` and `SE(3)` are one group. */
function withoutRanges(text: string): string {
  return text.replace(/\(rapidity: [^)]*\)|, scale: [^)]*/g, '');
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

function verdictTally(reports: readonly (ClaimReport | CompareReport | DiscoverReport)[]) {
  const asExpected = reports.filter((report) => report.asExpected).length;
  const notRun = reports.filter(({ status }) => status !== 'done').length;
  return { asExpected, notAsExpected: reports.length - asExpected - notRun, notRun };
}
