/** The whole report for people at a terminal or a log: table, findings, where it ran, summary. */
import { renderBenchmarks } from './render-benchmarks.ts';
import { renderClaims } from './render-claims.ts';
import { renderComparisons } from './render-comparisons.ts';
import { renderDiscoveries } from './render-discoveries.ts';
import { renderFindings } from './render-findings.ts';
import { renderReplay } from './render-replay.ts';
import { renderSummary } from './render-summary.ts';
import { renderTable } from './render-table.ts';
import { renderTrainings } from './render-trainings.ts';
import type { CheckReport, Report } from './report.ts';
import { coloursOf, type Style, shownPath } from './style.ts';
import { wrap } from './text-layout.ts';

export function renderTerminal(report: Report, style: Style): string {
  const { bold, dim } = coloursOf(style);
  const files = new Set(report.checks.map(({ file }) => file));
  const tables = [...files].map((file) => {
    const checks = report.checks.filter((check) => check.file === file);
    const title = files.size > 1 ? [bold(shownPath(file, style)), ''] : [];
    return [...title, ...renderChecks(checks, style)];
  });
  const blocks = [
    renderTrainings(report.trainings ?? [], style),
    ...tables,
    renderBenchmarks(report.benchmarks ?? [], style),
    renderComparisons(report.comparisons ?? [], style),
    renderDiscoveries(report.discoveries ?? [], style),
    renderClaims(report.claims ?? [], style),
    renderFindings(report, style),
    [
      ...backendLines(report, style).map(dim),
      ...(report.benchmarks ? [dim(machineText(report))] : []),
      bold(renderSummary(report)),
    ],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function renderChecks(checks: readonly CheckReport[], style: Style): string[] {
  const [only] = checks;
  if (only?.replayed && only.verification) return renderReplay(only, style);
  return renderTable(checks, style);
}

/** Where it ran, and why there: each distinct answer once. */
function backendLines(
  { checks, trainings = [], benchmarks = [], claims = [] }: Report,
  style: Style,
): string[] {
  const lines = [...trainings, ...checks, ...benchmarks, ...claims].flatMap(({ backend, model }) => {
    if (backend) return [`backend: ${backend.description} (${backend.reason})`];
    return model ? [`backend: ${model.backend}`] : [];
  });
  return [...new Set(lines)].flatMap((line) => wrap(line, style.width));
}

/** Times mean little without it. */
function machineText({ machine: { platform, cpu, cores, node } }: Report): string {
  return `machine: ${platform}, ${cpu}, ${cores} cores, Node ${node}`;
}
