/** The file of accepted results beside a specification: `checks.equi` has `checks.baseline.json`. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Fault } from '@noether/engine/catalog';
import type { Accepted } from '../report/accepted.ts';

interface Baseline {
  readonly schema: 'noether-baseline-1';
  /** By the id of the check. */
  readonly checks: Readonly<Record<string, Accepted>>;
}

const verdicts = ['holds', 'inconclusive', 'violated'];

export function baselineFile(specification: string): string {
  return `${specification.replace(/\.equi$/, '')}.baseline.json`;
}

/**
 * What was accepted of the checks of a specification; nothing without the file.
 * @throws Fault `spec/baseline-unreadable` when there is a file that is none of ours.
 */
export function readBaseline(specification: string): Readonly<Record<string, Accepted>> {
  const file = baselineFile(specification);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isBaseline(value)) return value.checks;
  } catch {
    // No JSON: said below.
  }
  throw new Fault({
    code: 'spec/baseline-unreadable',
    message: 'the file of accepted results beside the specification cannot be read',
    expected: 'what `noether baseline` writes',
    place: { file },
    advice: 'Run `noether baseline` again, or delete the file.',
  });
}

/** Replaces the file in one step, keys in order, so that a diff shows what has changed. A file without checks goes away. */
export function writeBaseline(specification: string, checks: Readonly<Record<string, Accepted>>): void {
  const file = baselineFile(specification);
  if (Object.keys(checks).length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const ordered = Object.fromEntries(Object.entries(checks).sort(([a], [b]) => (a < b ? -1 : 1)));
  const baseline: Baseline = { schema: 'noether-baseline-1', checks: ordered };
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, `${JSON.stringify(baseline, undefined, 2)}\n`);
  renameSync(aside, file);
}

function isBaseline(value: unknown): value is Baseline {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, checks } = value as Partial<Baseline>;
  return (
    schema === 'noether-baseline-1' &&
    typeof checks === 'object' &&
    checks !== null &&
    Object.values(checks).every(
      ({ verdict, gaps }) =>
        verdicts.includes(verdict) &&
        typeof gaps === 'object' &&
        gaps !== null &&
        Object.values(gaps).every((gap) => typeof gap === 'number'),
    )
  );
}
