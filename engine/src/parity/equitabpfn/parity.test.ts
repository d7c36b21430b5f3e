import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import { findCases, readCase } from '../case.ts';
import { runnerFor } from '../registry.ts';
import { runCase } from '../run.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/parity/equitabpfn', import.meta.url));
// The prior has tests of its own.
const cases = findCases(folder)
  .map((path) => readCase(path))
  .filter(({ name }) => !name.startsWith('prior'));

describe('stored runs of the official EquiTabPFN', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(6);
  });

  for (const parityCase of cases) {
    it.each(['float64', 'float32'] as const)(`${parityCase.name} agrees in %s`, async (precision) => {
      const [result] = await runCase(runnerFor(parityCase)!, parityCase, await openRuntime({ precision }));
      const { outputs, intermediates, gradients } = parityCase;
      expect(result!.comparisons).toHaveLength(outputs.size + intermediates.size + gradients.size);
      for (const { name, difference, tolerance } of result!.comparisons) {
        expect.soft(difference, name).toBeLessThanOrEqual(tolerance);
      }
    });
  }

  it('show a wrong weight in outputs and gradients', async () => {
    const parityCase = cases.find(({ name }) => name === 'model-q3-missing')!;
    const name = 'decoder.pointwise_mlp.1.bias';
    const { shape, data } = parityCase.weights.get(name)!;
    const wrong = real(
      shape,
      Float64Array.from(data, (value) => value + 1e-6),
    );
    const changed = { ...parityCase, weights: new Map([...parityCase.weights, [name, wrong]]) };
    const [result] = await runCase(runnerFor(changed)!, changed, await openRuntime({ precision: 'float64' }));
    for (const kind of ['output', 'gradient'] as const) {
      const own = result!.comparisons.filter((one) => one.kind === kind);
      expect(
        own.some(({ difference, tolerance }) => difference > tolerance),
        kind,
      ).toBe(true);
    }
  });
});
