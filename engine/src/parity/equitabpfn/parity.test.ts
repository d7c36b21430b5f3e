import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { findCases, readCase } from '../case.ts';
import { expectMisses, itAgrees } from '../testing.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/parity/equitabpfn', import.meta.url));
// The prior has tests of its own.
const cases = findCases(folder)
  .map((path) => readCase(path))
  .filter(({ name }) => !name.startsWith('prior'));

describe('stored runs of the official EquiTabPFN', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(6);
  });

  for (const parityCase of cases) itAgrees(parityCase);

  it('show a wrong weight in outputs and gradients', async () => {
    const parityCase = cases.find(({ name }) => name === 'model-q3-missing')!;
    const name = 'decoder.pointwise_mlp.1.bias';
    const { shape, data } = parityCase.weights.get(name)!;
    const wrong = real(
      shape,
      Float64Array.from(data, (value) => value + 1e-6),
    );
    await expectMisses(parityCase, name, wrong);
  });
});
