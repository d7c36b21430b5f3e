/** From outcomes to a report. */
import { type Finding, groupText } from '@noether/engine/catalog';
import type { CheckPlan } from '../plan/plan.ts';
import { isContent, standingOf } from './accepted.ts';
import { buildItems, type FinishedItems } from './build-items.ts';
import { thisMachine } from './machine.ts';
import { replayCommand } from './replay.ts';
import type { CheckOutcome, CheckReport, Report } from './report.ts';

/** One check that was run, or taken from the cache. */
export interface FinishedCheck {
  readonly plan: CheckPlan;
  /** Absolute path of the specification, and the 1-based line of the check in it. */
  readonly file: string;
  readonly line: number;
  /** The backend that was asked for. */
  readonly backend: string;
  readonly outcome: CheckOutcome;
  readonly cached: boolean;
  readonly inputsHash: string;
}

export interface ReportParts extends FinishedItems {
  readonly engine: string;
  readonly started: Date;
  readonly seconds: number;
  readonly checks: readonly FinishedCheck[];
  /** About the specifications themselves. */
  readonly findings: readonly Finding[];
}

export function buildReport({ engine, started, seconds, checks, findings, ...others }: ReportParts): Report {
  const { items, summary } = buildItems(others);
  const reports = checks.map(buildCheckReport);
  const asExpected = reports.filter((check) => check.asExpected).length;
  const notRun = reports.filter((check) => check.status !== 'done').length;
  return {
    schema: 'noether-report-1',
    engine,
    machine: thisMachine(),
    started: started.toISOString(),
    seconds,
    checks: reports,
    ...items,
    findings,
    summary: {
      checks: reports.length,
      asExpected,
      notAsExpected: reports.length - asExpected - notRun,
      notRun,
      ...summary,
    },
  };
}

export function buildCheckReport(check: FinishedCheck): CheckReport {
  const { plan, file, line, backend, outcome, cached, inputsHash } = check;
  const { expect, replay: replayed } = plan.options;
  const { verification } = outcome;
  const baseline = verification && standingOf(verification, expect, plan.accepted);
  return {
    id: plan.id,
    title: plan.title,
    file,
    line,
    group: plan.group,
    groupText: groupText(plan.group),
    expect,
    asExpected:
      outcome.status === 'done' &&
      verification !== undefined &&
      isContent(verification, expect, plan.accepted),
    ...(baseline ? { baseline } : {}),
    ...(replayed ? { replayed } : {}),
    ...outcome,
    replay: replayCommand(file, plan, backend, outcome.verification),
    cached,
    inputsHash,
  };
}
