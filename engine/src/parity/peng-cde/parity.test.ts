import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { findCases, readCase } from '../case.ts';
import { expectMisses, itAgrees } from '../testing.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/parity/peng-cde', import.meta.url));
const cases = findCases(folder).map((path) => readCase(path));
const byName = (name: string) => cases.find((one) => one.name === name)!;

describe('stored runs of the official PENG-CDE', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(6);
  });

  for (const parityCase of cases) itAgrees(parityCase);

  it('show a wrong weight in outputs and gradients', async () => {
    const parityCase = byName('solve-fixed-equiv');
    const name = 'vector_field.gnn_layers.0.param7';
    const { shape, data } = parityCase.weights.get(name)!;
    const wrong = real(shape, [data[0]!, data[1]! + 1e-5]);
    await expectMisses(parityCase, name, wrong);
  });
});

describe('cases written in the short way', () => {
  it('bring their names and rules', () => {
    const { inputs, gradients, rule } = byName('field-equiv-undirected');
    expect([...inputs.keys()].sort()).toEqual(['A', 'query', 'ts', 'z']);
    expect(gradients.has('input.A') && gradients.has('weight.gnn_layers.0.param1')).toBe(true);
    expect(rule!.least).toBe(1);
    expect(rule!.tolerance('output', 'dz', 'float64')).toBe(1e-10);
    expect(rule!.tolerance('gradient', 'input.A', 'float32')).toBe(1e-4);
  });
  it('of numbers alone have the counts as outputs', () => {
    const { outputs, inputs } = byName('parameter-counts');
    expect(inputs.size).toBe(0);
    expect(outputs.get('7.whole_GraphNeuralCDE')!.data[0]).toBe(689);
  });
});
