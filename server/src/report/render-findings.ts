/** Findings for a terminal, one block each: where, the code, the message, expected and found, advice. */
import type { Finding, Severity } from '@noether/engine/catalog';
import { directionsText } from './directions.ts';
import { claimFinding } from './render-claims.ts';
import { compareFinding } from './render-comparisons.ts';
import { discoverFinding } from './render-discoveries.ts';
import type { CheckReport, Report } from './report.ts';
import { type Colours, coloursOf, type Style, shownPath } from './style.ts';
import { indent, wrap } from './text-layout.ts';
import { verdictFinding } from './verdict-finding.ts';

/**
 * All findings of a report: the specification's, then check by check. Empty when there are none. Hints are for editors,
 * which fade the text that they are about.
 */
export function renderFindings(report: Report, style: Style): string[] {
  const findings = report.findings.filter(({ severity }) => severity !== 'hint');
  return [
    ...findings.map((finding) => renderFinding(finding, style)),
    ...report.checks.flatMap((check) => findingsOfCheck(check, style)),
    ...[
      ...(report.trainings ?? []),
      ...(report.benchmarks ?? []),
      ...(report.comparisons ?? []),
      ...(report.discoveries ?? []),
      ...(report.claims ?? []),
    ].flatMap((item) => item.findings.map((finding) => renderFinding(located(finding, item), style))),
    ...(report.comparisons ?? []).flatMap((comparison) => {
      const finding = compareFinding(comparison);
      return finding ? [renderFinding(finding, style)] : [];
    }),
    ...(report.discoveries ?? []).flatMap((discovery) => {
      const finding = discoverFinding(discovery);
      return finding ? [renderFinding(finding, style)] : [];
    }),
    ...(report.claims ?? []).flatMap((claim) => {
      const finding = claimFinding(claim);
      return finding ? [renderFinding(finding, style)] : [];
    }),
  ].flatMap((block, i) => (i > 0 ? ['', ...block] : block));
}

/** A finding without a place is about the item itself. */
function located(finding: Finding, { file, line }: { file: string; line: number }): Finding {
  return finding.place ? finding : { ...finding, place: { file, line } };
}

function findingsOfCheck(check: CheckReport, style: Style): string[][] {
  const verdict = verdictFinding(check);
  const blocks = check.findings.map((finding) => renderFinding(finding, style, check));
  return verdict ? [...blocks, renderFinding(verdict, style, check)] : blocks;
}

/** @param check when the finding belongs to one: its line and the command that replays it are shown too. */
export function renderFinding(finding: Finding, style: Style, check?: CheckReport): string[] {
  const colours = coloursOf(style);
  const { code, severity, message, expected, found, advice } = finding;
  const facts: [string, string | undefined][] = [
    ['in', check && !samePlace(finding, check) ? placeText(finding, style) : undefined],
    ['check', check && code.startsWith('verify/') ? undefined : check?.id],
    ['expected', expected],
    ['found', found],
    [
      'direction',
      check?.verification && code === 'verify/violated' ? directionsText(check.verification) : undefined,
    ],
    ['advice', advice],
    [
      'replay',
      check && !check.replayed && code.startsWith('verify/') ? shownReplay(check, style) : undefined,
    ],
  ];
  const place = check ? `${shownPath(check.file, style)}:${check.line}` : placeText(finding, style);
  const head = [colours.bold(severityPaint(severity, colours)(severity)), place, colours.dim(code)];
  return [
    head.filter(Boolean).join(' '),
    ...indent(wrap(message, Math.max(20, style.width - 2)), 2),
    ...facts.flatMap(([name, text]) => (text ? renderFact(name, text, style, colours) : [])),
  ];
}

const factWidth = 10;

function renderFact(name: string, text: string, style: Style, colours: Colours): string[] {
  // A command is to be copied: it stays on one line.
  const lines = name === 'replay' ? [text] : wrap(text, Math.max(20, style.width - 2 - factWidth));
  const [first, ...rest] = lines;
  return [`  ${colours.dim(name.padEnd(factWidth))}${first}`, ...indent(rest, 2 + factWidth)];
}

function samePlace({ place }: Finding, check: CheckReport): boolean {
  return !place?.file || (place.file === check.file && place.member === undefined);
}

/** `data/objects.npz`, `quickstart.equi:12`, `model.onnx (node Conv_3)`. */
function placeText({ place }: Finding, style: Style): string {
  if (!place) return '';
  const file = place.file === undefined ? '' : shownPath(place.file, style);
  const line = place.line === undefined ? '' : `${file ? ':' : 'line '}${place.line}`;
  const member = place.member === undefined ? '' : `${file || line ? ` (${place.member})` : place.member}`;
  return `${file}${line}${member}`;
}

/** The command, with the path as it would be typed here. */
function shownReplay(check: CheckReport, style: Style): string {
  return check.replay.replace(check.file, () => shownPath(check.file, style));
}

function severityPaint(severity: Severity, colours: Colours): (text: string) => string {
  return severity === 'error' ? colours.red : severity === 'warning' ? colours.yellow : colours.blue;
}
