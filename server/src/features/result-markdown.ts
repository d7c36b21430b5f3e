/** A check's result as Markdown: one row an output, then what was tried and where it was worst. */
import type { Verification } from '@noether/engine/catalog';
import { directionsText } from '../report/directions.ts';
import { counted, grouped, shortNumber } from '../report/words.ts';
import type { Check } from './check.ts';
import { isVerdict, summaryText, verificationOf } from './verdict.ts';

export function resultMarkdown(check: Check): string {
  const head = `**${check.plan.title}**`;
  const verification = verificationOf(check);
  if (!verification) return [head, summaryText(check), ...findingLines(check)].join('\n\n');
  const state = isVerdict(check.state)
    ? verification.verdict
    : `${check.state}; before: ${verification.verdict}`;
  return [
    `${head}: ${state}`,
    table(verification),
    reasons(verification),
    directionTable(verification),
    layerTable(verification),
    triedText(verification),
    worstText(verification),
    ...findingLines(check),
    footer(check),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function table({ outputs }: Verification): string {
  const rows = outputs.map(
    ({ output, verdict, gap, medianGap, floor, ratio, tolerance }) =>
      `| \`${output}\` | ${verdict} | ${[gap, medianGap, floor, ratio, tolerance].map(shortNumber).join(' | ')} |`,
  );
  return [
    '| output | verdict | gap | median | floor | gap / floor | tolerance |',
    '|:--|:--|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function reasons({ outputs }: Verification): string {
  return outputs.map(({ output, reason }) => `- \`${output}\`: ${reason}`).join('\n');
}

/** The Lie-derivative table, where something is violated. */
function directionTable(verification: Verification): string {
  const { directions = [] } = verification;
  if (directions.length === 0) return '';
  const rows = directions.map(
    ({ direction, output, holds, gap, rate, unit }) =>
      `| ${direction} | \`${output}\` | ${holds ? 'holds' : 'broken'} | ${shortNumber(gap)} | ${unit ? `${shortNumber(rate!)} per ${unit}` : ''} |`,
  );
  return [
    `Directions: ${directionsText(verification)}.`,
    ['| direction | output | | gap far along it | rate |', '|:--|:--|:--|--:|--:|', ...rows].join('\n'),
  ].join('\n\n');
}

/** Layer by layer, up to a few behind the first one that breaks. */
function layerTable({ layers = [] }: Verification): string {
  const first = layers.findIndex(({ holds }) => !holds);
  if (first < 0) return '';
  const shown = layers.slice(Math.max(0, first - 4), first + 8);
  const rows = shown.map(
    ({ layer, as, gap, floor, holds }) =>
      `| \`${layer}\` | ${as} | ${holds ? 'holds' : 'broken'} | ${shortNumber(gap)} | ${shortNumber(floor)} |`,
  );
  return ['| layer | compared as | | gap | floor |', '|:--|:--|:--|--:|--:|', ...rows].join('\n');
}

function triedText({ outputs, samples, elements, seed }: Verification): string {
  const tried = `${counted(samples, 'sample')} x ${counted(elements, 'element')}, seed ${seed}`;
  const bounds = outputs.map(({ output, exceedance }) => {
    const { count, draws, confidence, upperBound, exact } = exceedance;
    const who = outputs.length > 1 ? ` (\`${output}\`)` : '';
    if (exact)
      return `Every element on every sample was tried${who}: ${count === 0 ? 'none' : counted(count, 'pair')} of ${grouped(draws)} is above the tolerance.`;
    const seen = count === 0 ? 'no pair' : counted(count, 'pair');
    return `${seen} of ${grouped(draws)} above the tolerance${who}: with ${Number((confidence * 100).toFixed(4))} % confidence fewer than ${shortNumber(upperBound * 100)} % are.`;
  });
  const means = outputs.flatMap(({ output, meanGap }) => {
    if (!meanGap) return [];
    const who = outputs.length > 1 ? ` of \`${output}\`` : '';
    return `Mean gap${who} ${shortNumber(meanGap.mean)} (${shortNumber(meanGap.low)} to ${shortNumber(meanGap.high)} over ${meanGap.over}).`;
  });
  return [`${tried}.`, ...bounds, ...means].join(' ');
}

function worstText({ outputs }: Verification): string {
  const worst = outputs.flatMap(({ output, worst }) => (worst ? [{ output, worst }] : []));
  return worst
    .map(
      ({ output, worst }) =>
        `Worst for \`${output}\`: ${worst.elementText} on ${worst.sampleId} (gap ${shortNumber(worst.gap)}${worst.draw === undefined ? ', found by search' : ''}).`,
    )
    .join('\n');
}

function findingLines(check: Check): string[] {
  return (check.result?.outcome.findings ?? []).map(
    ({ severity, message, advice }) => `*${severity}*: ${message}${advice ? `. ${advice}` : ''}`,
  );
}

function footer(check: Check): string {
  const { model, backend } = check.result?.outcome ?? {};
  const parts = [
    model?.title,
    model?.parameterCount === undefined ? undefined : counted(model.parameterCount, 'parameter'),
    backend ? backend.description : model?.backend,
    check.result?.cached ? 'from an identical earlier run' : undefined,
  ];
  return parts.filter(Boolean).join(' · ');
}
