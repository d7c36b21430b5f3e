/** From the state of a check to its diagnostic: what was found, how bad that is, and where to look. */
import type { Finding, Redeclaration, Severity, Verdict } from '@noether/engine/catalog';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { standingOf } from '../report/accepted.ts';
import { type Check, isGoingOn } from './check.ts';
import type { AnchoredDiagnostic } from './hub.ts';
import { failureOf, isVerdict, verdictSentence, verificationOf } from './verdict.ts';

/** Travels in `Diagnostic.data`, for the quick fixes. */
export interface VerifyData {
  readonly check: string;
  readonly state: Check['state'];
  /** The verdict that the check declares. */
  readonly expected: Verdict;
  /** The tolerance that would settle an inconclusive check: ten times the measured rounding floor. */
  readonly resolvable?: number;
  /** The declaration that a finding asks about, with the type that would settle it. */
  readonly redeclare?: Redeclaration;
}

/** Address of a code's documentation; `undefined` when there is none. */
export type CodeHref = (code: string) => string | undefined;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The diagnostics of a check; none while there is nothing to say beyond its lens. */
export function verifyDiagnostics(check: Check, href: CodeHref): AnchoredDiagnostic[] {
  return foundIn(check).map((found) => anchored(check, found, href));
}

function foundIn(check: Check): Found[] {
  if (isVerdict(check.state)) {
    const remarks = check.result?.outcome.findings ?? [];
    return [...verdictDiagnostic(check), ...remarks.map(findingDiagnostic)];
  }
  if (check.state === 'failed') return [failureDiagnostic(check)];
  // While a check waits or runs again, its old verdict stays in sight, but as what it is.
  return check.state === 'stale' || isGoingOn(check.state) ? staleDiagnostic(check) : [];
}

function anchored(
  check: Check,
  { severity, code, message, redeclare }: Found,
  href: CodeHref,
): AnchoredDiagnostic {
  const target = href(code);
  const data: VerifyData = {
    check: check.plan.id,
    state: check.state,
    expected: check.plan.options.expect,
    ...resolvable(check),
    ...(redeclare ? { redeclare } : {}),
  };
  return {
    path: check.path,
    diagnostic: {
      severity,
      code,
      ...(target ? { codeDescription: { href: target } } : {}),
      source: 'noether',
      message,
      data,
    },
    related: relatedPlaces(check),
  };
}

interface Found {
  readonly severity: DiagnosticSeverity;
  readonly code: string;
  readonly message: string;
  readonly redeclare?: Redeclaration;
}

function verdictDiagnostic(check: Check): Found[] {
  const { expect } = check.plan.options;
  const { state } = check;
  if (state === 'holds' && expect === 'holds') return [];
  const message = verdictSentence(check, check.groupText);
  const verification = verificationOf(check);
  const standing = verification && standingOf(verification, expect, check.plan.accepted);
  if (standing === 'worse') {
    return [
      {
        severity: DiagnosticSeverity.Error,
        code: 'verify/worse-than-baseline',
        message: `worse than accepted: ${message}`,
      },
    ];
  }
  if (standing === 'accepted') {
    return [
      { severity: DiagnosticSeverity.Information, code: `verify/${state}`, message: `accepted: ${message}` },
    ];
  }
  if (state === expect)
    return [{ severity: DiagnosticSeverity.Information, code: `verify/${state}`, message }];
  if (state === 'inconclusive') {
    return [{ severity: DiagnosticSeverity.Warning, code: 'verify/inconclusive', message }];
  }
  const code = state === 'violated' ? 'verify/violated' : 'verify/unexpectedly-holds';
  return [{ severity: DiagnosticSeverity.Error, code, message }];
}

function failureDiagnostic(check: Check): Found {
  const finding = failureOf(check);
  if (!finding) {
    return {
      severity: DiagnosticSeverity.Error,
      code: 'job/internal',
      message: `\`${check.plan.title}\` could not be run, for an unknown reason`,
    };
  }
  return findingDiagnostic(finding);
}

/** The message, and below it what a terminal shows as its own lines. */
function findingDiagnostic(finding: Finding): Found {
  const details = [
    finding.expected ? `expected: ${finding.expected}` : '',
    finding.found ? `found: ${finding.found}` : '',
    finding.advice ?? '',
  ].filter(Boolean);
  return {
    severity: severities[finding.severity],
    code: finding.code,
    message: [finding.message, ...details].join('\n'),
    ...(finding.redeclare ? { redeclare: finding.redeclare } : {}),
  };
}

/** What was true of other inputs, or what is being found out again: kept in sight, but quietly. */
function staleDiagnostic(check: Check): Found[] {
  const outcome = check.result?.outcome;
  const verification = verificationOf(check);
  if (!outcome || outcome.status === 'cancelled') return [];
  if (verification?.verdict === 'holds' && check.plan.options.expect === 'holds') return [];
  const before = verification ? verdictSentence(check, check.groupText) : failureDiagnostic(check).message;
  const lead = check.state === 'stale' ? 'stale' : `${check.state}, before`;
  return [{ severity: DiagnosticSeverity.Hint, code: 'verify/stale', message: `${lead}: ${before}` }];
}

function resolvable(check: Check): { resolvable?: number } {
  const verification = verificationOf(check);
  if (check.state !== 'inconclusive' || !verification) return {};
  return { resolvable: 10 * Math.max(...verification.outputs.map(({ floor }) => floor)) };
}

function relatedPlaces({ plan, model, data, uri }: Check): AnchoredDiagnostic['related'] {
  return [
    ...(model ? [{ anchor: model, message: `the model \`${plan.model.name}\`` }] : []),
    ...(data ? [{ anchor: data, message: `the data \`${plan.data.name}\`` }] : []),
  ].filter(({ anchor }) => anchor.uri !== uri || anchor.path !== '');
}
