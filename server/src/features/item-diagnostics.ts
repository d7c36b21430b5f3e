/** From the state of a comparison, a discovery or a claim to its diagnostics: those that are not as expected, and remarks. */
import type { Finding, Severity } from '@noether/engine/catalog';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { buildClaimReport, buildCompareReport, buildDiscoverReport } from '../report/build-items.ts';
import { claimFinding } from '../report/render-claims.ts';
import { compareFinding } from '../report/render-comparisons.ts';
import { discoverFinding } from '../report/render-discoveries.ts';
import type { PlannedItem } from './check.ts';
import type { AnchoredDiagnostic } from './hub.ts';
import type { ItemState } from './items.ts';
import type { CodeHref } from './verify-diagnostics.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** None while it runs or has not run, and for what was stopped. */
export function itemDiagnostics(
  item: PlannedItem,
  state: ItemState | undefined,
  href: CodeHref,
): AnchoredDiagnostic[] {
  if (!state?.outcome || (state.state !== 'done' && state.state !== 'failed')) return [];
  const { findings } = state.outcome;
  const verdict = state.state === 'done' ? verdictOf(item, state.outcome) : undefined;
  return [...(verdict ? [verdict] : []), ...findings].map((finding) => anchored(item, finding, href));
}

function verdictOf({ plan }: PlannedItem, outcome: NonNullable<ItemState['outcome']>): Finding | undefined {
  const run = { outcome, file: '', line: 1, cached: false, inputsHash: '' };
  switch (plan.kind) {
    case 'compare':
      return compareFinding(buildCompareReport({ plan, ...run }));
    case 'discover':
      return discoverFinding(buildDiscoverReport({ plan, ...run }));
    case 'claim':
      return claimFinding(buildClaimReport({ plan, ...run }));
    default:
      return undefined;
  }
}

function anchored(
  { path }: PlannedItem,
  { severity, code, message, expected, found, advice }: Finding,
  href: CodeHref,
): AnchoredDiagnostic {
  const target = href(code);
  const facts = [expected && `expected: ${expected}`, found && `found: ${found}`, advice].filter(Boolean);
  return {
    path,
    diagnostic: {
      severity: severities[severity],
      code,
      ...(target ? { codeDescription: { href: target } } : {}),
      source: 'noether',
      message: [message, ...facts].join('\n'),
    },
    related: [],
  };
}
