/** What tests of stored cases share. */
import { expect, it } from 'vitest';
import type { NdArray } from '../tensor/array.ts';
import { openRuntime } from '../tensor/index.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { ParityCase } from './case.ts';
import { runnerFor } from './registry.ts';
import { runCase } from './run.ts';

/** A test for each precision: everything that is stored is compared, and within its tolerance. */
export function itAgrees(parityCase: ParityCase): void {
  it.each(['float64', 'float32'] as const)(`${parityCase.name} agrees in %s`, async (precision) => {
    const comparisons = await comparisonsOf(parityCase, precision);
    const { outputs, intermediates, gradients } = parityCase;
    expect(comparisons).toHaveLength(outputs.size + intermediates.size + gradients.size);
    for (const { name, difference, tolerance } of comparisons) {
      expect.soft(difference, name).toBeLessThanOrEqual(tolerance);
    }
  });
}

/** With another weight some output and some gradient miss: the comparison can fail. */
export async function expectMisses(parityCase: ParityCase, weight: string, wrong: NdArray): Promise<void> {
  const changed = { ...parityCase, weights: new Map([...parityCase.weights, [weight, wrong]]) };
  const comparisons = await comparisonsOf(changed, 'float64');
  for (const kind of ['output', 'gradient'] as const) {
    const own = comparisons.filter((one) => one.kind === kind);
    expect(
      own.some(({ difference, tolerance }) => difference > tolerance),
      kind,
    ).toBe(true);
  }
}

async function comparisonsOf(parityCase: ParityCase, precision: Precision) {
  const [result] = await runCase(runnerFor(parityCase)!, parityCase, await openRuntime({ precision }));
  return result!.comparisons;
}
