/** All runners; a new family adds its own here. */
import type { ParityCase } from './case.ts';
import { equiTabPfnRunners } from './equitabpfn/index.ts';
import { llocaRunners } from './lloca/index.ts';
import { pengCdeRunners } from './peng-cde/index.ts';
import { rapidashRunners } from './rapidash/index.ts';
import type { Runner } from './runner.ts';

const runners: readonly Runner[] = [
  ...rapidashRunners,
  ...llocaRunners,
  ...pengCdeRunners,
  ...equiTabPfnRunners,
];

export function runnerFor(parityCase: ParityCase): Runner | undefined {
  return runners.find((runner) => runner.system === parityCase.system && runner.handles(parityCase));
}
