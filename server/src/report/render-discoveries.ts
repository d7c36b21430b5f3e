/** Discoveries: what holds, the singular values that it rests on, and what a check can be written for. */
import type { Discovery, Finding } from '@noether/engine/catalog';
import { plainTable } from './plain-table.ts';
import { statusText } from './render-trainings.ts';
import type { DiscoverReport } from './report.ts';
import { coloursOf, type Style } from './style.ts';
import { wrap } from './text-layout.ts';
import { counted, shortNumber } from './words.ts';

/** For each: the result, a basis, the table of singular values, and how sure it is. */
export function renderDiscoveries(discoveries: readonly DiscoverReport[], style: Style): string[] {
  const { bold, dim } = coloursOf(style);
  return discoveries.flatMap((report, i) => {
    const gap = i > 0 ? [''] : [];
    const { discovery } = report;
    if (!discovery) return [...gap, `${report.id}: ${statusText(report)}`];
    const { head, rows } = singularTable(discovery);
    return [
      ...gap,
      bold(`${report.id}: ${discoveryText(report)}`),
      ...(rows.length > 0
        ? plainTable(
            head.map((title, column) => (column === 3 ? { title } : { title, align: 'right' as const })),
            rows,
            style,
          )
        : []),
      ...discoveryLines(discovery).flatMap((line) => wrap(line, style.width).map(dim)),
    ];
  });
}

/** `se(3) + inversion`, `undecided: se(3)`, `so(2) about z, expected SO(3)`. */
export function discoveryText({ discovery, expect, asExpected, ...report }: DiscoverReport): string {
  if (!discovery) return statusText(report);
  const { verdict, found } = discovery;
  const text = verdict === 'undecided' ? `undecided: ${found}` : found;
  return expect && !asExpected ? `${text}, expected ${expect}` : text;
}

/** Ascending singular values, so that what holds comes first and the jump is seen. */
export function singularTable({ singularValues }: Discovery): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  return {
    head: ['singular value', 'held out', '', 'direction'],
    rows: singularValues.map(({ value, heldOut, verdict, direction }) => [
      shortNumber(value),
      shortNumber(heldOut),
      { holds: 'symmetry', violated: 'broken', inconclusive: 'undecided' }[verdict],
      direction,
    ]),
  };
}

/** What the table does not say. */
export function discoveryLines(discovery: Discovery): string[] {
  const { algebra, finite, checks, draws, floor, tolerance, step, precision, samples, heldOut } = discovery;
  const { gap, evaluations } = discovery;
  const lines: string[] = [];
  if (algebra) {
    lines.push(
      `algebra: ${algebra.name}, ${algebra.dimension} of ${counted(algebra.ambient, 'dimension')}${
        algebra.dimension > 1
          ? `, ${algebra.closed ? 'closed' : 'not closed'} under the bracket (${shortNumber(algebra.closure)})`
          : ''
      }`,
    );
    for (const { name, heldOut: rate, gap: far, verdict, outputs } of algebra.basis) {
      const follows = outputs
        ? `; ${Object.entries(outputs)
            .map(([output, text]) => `${output} ${text}`)
            .join(', ')}`
        : '';
      const kept =
        verdict === 'holds'
          ? ''
          : ` (${verdict === 'violated' ? 'breaks far along' : 'undecided far along'})`;
      lines.push(
        `  ${name}${kept}: rate ${shortNumber(rate)} held out, gap ${shortNumber(far)} far along${follows}`,
      );
    }
  }
  for (const { name, verdict, gap: own } of finite) {
    if (verdict !== 'violated')
      lines.push(`${name}: ${verdict === 'holds' ? 'holds' : 'undecided'}, gap ${shortNumber(own)}`);
  }
  const broken = finite.filter(({ verdict }) => verdict === 'violated');
  if (broken.length > 0) {
    lines.push(
      `broken: ${broken.map(({ name, gap: own }) => `${name} (gap ${shortNumber(own)})`).join(', ')}`,
    );
  }
  if (draws) {
    lines.push(
      `${draws.above} of ${counted(draws.draws, 'random element')} of the algebra break; at most ${shortNumber(100 * draws.upperBound)}% do, at confidence ${draws.confidence}`,
    );
  }
  if (gap !== undefined)
    lines.push(`the smallest broken value is ${shortNumber(gap)} times the largest of a symmetry`);
  for (const check of checks) lines.push(`a check can be written: under ${check}`);
  lines.push(
    `${counted(samples, 'sample')}, ${heldOut} held out, ${counted(evaluations, 'evaluation')} in ${precision}${
      step === undefined ? '' : `, step ${shortNumber(step)}`
    }; noise ${shortNumber(floor)}, tolerance ${shortNumber(tolerance)}`,
  );
  return lines;
}

/** A discovery that is not as expected, as a finding; `undefined` when it is, or has no result. */
export function discoverFinding(report: DiscoverReport): Finding | undefined {
  const { discovery, asExpected, id, file, line, expect } = report;
  if (report.status !== 'done' || !discovery || asExpected) return undefined;
  const place = { file, line };
  if (discovery.verdict === 'undecided') {
    return {
      code: 'discover/undecided',
      severity: 'warning',
      message: `${id}: some direction is neither clearly a symmetry nor clearly none`,
      found: discovery.found,
      place,
      advice: 'Use more samples, a float64 twin, or a tolerance that the arithmetic can tell (`within`).',
    };
  }
  return {
    code: 'discover/not-expected',
    severity: 'error',
    message: `${id}: found ${discovery.found}`,
    expected: expect,
    found: discovery.checks.join(' and ') || 'trivial',
    place,
    advice: 'Look at the directions that are broken, or correct `expect`.',
  };
}
