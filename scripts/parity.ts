/**
 * `npm run parity -- FOLDER`: runs every parity case found under a folder in float64 and float32, prints the largest
 * difference of each kind against its tolerance, and exits 1 on a miss or on a case that nothing here can run.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findingOf } from '../engine/src/fault.ts';
import { findCases, readCase } from '../engine/src/parity/case.ts';
import type { Comparison, Kind } from '../engine/src/parity/compare.ts';
import { runnerFor } from '../engine/src/parity/registry.ts';
import { type CaseResult, runCase } from '../engine/src/parity/run.ts';
import { openRuntime } from '../engine/src/tensor/index.ts';

const folder = process.argv[2];
if (!folder || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  console.error('Usage: npm run parity -- FOLDER, a folder with parity cases (case.json) at any depth');
  process.exit(2);
}

const folders = findCases(resolve(folder));
if (folders.length === 0) {
  console.error(`no case.json under ${resolve(folder)}`);
  process.exit(1);
}
const runtimes = [await openRuntime({ precision: 'float64' }), await openRuntime({ precision: 'float32' })];
console.log(
  'largest difference / its tolerance, of outputs, intermediates and gradients (number of tensors in brackets)',
);
let failed = 0;
for (const path of folders) {
  try {
    if (!(await check(path))) failed++;
  } catch (error) {
    failed++;
    console.log(`FAIL  ${path}: ${findingOf(error).message}`);
  }
}
console.log(`${folders.length - failed} of ${folders.length} cases agree`);
process.exit(failed > 0 ? 1 : 0);

async function check(path: string): Promise<boolean> {
  const parityCase = readCase(path);
  const title = `${parityCase.system}/${parityCase.name}`;
  const runner = runnerFor(parityCase);
  if (!runner) {
    console.log(`FAIL  ${title}: no runner for module ${parityCase.module}`);
    return false;
  }
  const results: CaseResult[] = [];
  for (const runtime of runtimes) results.push(...(await runCase(runner, parityCase, runtime)));
  const misses = results.flatMap(({ precision, form, comparisons }) =>
    comparisons.filter(isMiss).map((comparison) => ({ precision, form, ...comparison })),
  );
  console.log(`${misses.length ? 'FAIL' : 'ok  '}  ${title}`);
  for (const { precision, form, comparisons } of results) {
    const kinds = (['output', 'intermediate', 'gradient'] as const).map((kind) => worst(comparisons, kind));
    console.log(`        ${precision} ${form.padEnd(6)} ${kinds.join('   ')}`);
  }
  for (const { precision, form, name, difference, tolerance } of misses) {
    console.log(`        MISS ${precision} ${form} ${name}: ${number(difference)} > ${number(tolerance)}`);
  }
  return misses.length === 0;
}

function isMiss({ difference, tolerance }: Comparison): boolean {
  return !(difference <= tolerance);
}

/** The comparison that comes closest to its tolerance. */
function worst(comparisons: readonly Comparison[], kind: Kind): string {
  const own = comparisons.filter((comparison) => comparison.kind === kind);
  if (own.length === 0) return `${kind}s: none`;
  const closest = own.reduce((a, b) => (b.difference / b.tolerance > a.difference / a.tolerance ? b : a));
  return `${kind}s ${number(closest.difference)} / ${number(closest.tolerance)} (${own.length})`;
}

function number(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'not computed' : value.toExponential(1);
}
