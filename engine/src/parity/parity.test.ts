import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { real } from '../tensor/array.ts';
import { openRuntime } from '../tensor/index.ts';
import { findCases, readCase } from './case.ts';
import { relativeDifference } from './compare.ts';
import { runnerFor } from './registry.ts';
import { runCase } from './run.ts';

const folder = fileURLToPath(new URL('../../../test-fixtures/parity/rapidash', import.meta.url));
const folders = findCases(folder);

describe('stored runs of the official Rapidash', () => {
  it('are all there', () => {
    expect(folders).toHaveLength(6);
  });

  for (const path of folders) {
    const parityCase = readCase(path);
    for (const precision of ['float64', 'float32'] as const) {
      it(`${parityCase.name} agrees in ${precision}`, async () => {
        const runner = runnerFor(parityCase)!;
        const results = await runCase(runner, parityCase, await openRuntime({ precision }));
        const stored = parityCase.outputs.size + parityCase.intermediates.size + parityCase.gradients.size;
        expect(results[0]!.comparisons).toHaveLength(stored);
        for (const { form, comparisons } of results) {
          for (const { name, difference, tolerance } of comparisons) {
            expect(difference, `${form} ${name}`).toBeLessThanOrEqual(tolerance);
          }
        }
      });
    }
  }

  it('show a wrong weight in outputs and gradients', async () => {
    const parityCase = readCase(folders.find((path) => path.endsWith('block-r3'))!);
    const weights = new Map(parityCase.weights);
    const name = 'linear_2.bias';
    const { shape, data } = weights.get(name)!;
    weights.set(
      name,
      real(
        shape,
        Float64Array.from(data, (value) => value * (1 + 1e-8) + 1e-8),
      ),
    );
    const changed = { ...parityCase, weights };
    const [result] = await runCase(runnerFor(changed)!, changed, await openRuntime({ precision: 'float64' }));
    const output = result!.comparisons.find((comparison) => comparison.name === 'output.y')!;
    expect(output.difference).toBeGreaterThan(output.tolerance);
  });

  it('leave no tensors behind', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const parityCase = readCase(folders.find((path) => path.endsWith('net-unet-node'))!);
    await runCase(runnerFor(parityCase)!, parityCase, runtime);
    const before = runtime.tf.memory().numTensors;
    await runCase(runnerFor(parityCase)!, parityCase, runtime);
    expect(runtime.tf.memory().numTensors).toBe(before);
  });

  it('find no runner for a module that nobody wrote', () => {
    const parityCase = readCase(folders[0]!);
    expect(runnerFor({ ...parityCase, module: 'SomethingElse' })).toBeUndefined();
    expect(runnerFor({ ...parityCase, system: 'elsewhere' })).toBeUndefined();
  });
});

describe('the tolerance rule', () => {
  it('relates the largest difference to the largest reference', () => {
    expect(relativeDifference(real([2], [1, 3]), real([2], [1, 4]))).toBe(0.25);
  });
  it('is absolute where the reference is zero, and floors small references', () => {
    expect(relativeDifference(real([1], [0.5]), real([1], [0]))).toBe(0.5);
    expect(relativeDifference(real([1], [0.5]), real([1], [0]), 2)).toBe(0.25);
  });
  it('never passes another shape or a value that is no number', () => {
    expect(relativeDifference(real([1, 2], [1, 2]), real([2], [1, 2]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference(real([1], [Number.NaN]), real([1], [1]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference(real([1], [1]), real([1], [Number.NaN]))).toBe(Number.POSITIVE_INFINITY);
  });
  it('takes a missing value of the reference for one', () => {
    expect(relativeDifference(real([2], [Number.NaN, 3]), real([2], [Number.NaN, 4]))).toBe(0.25);
  });
});

describe('readCase', () => {
  it('says what a broken case.json lacks', () => {
    expect(() => readCase(fileURLToPath(new URL('.', import.meta.url)))).toThrow(
      /does not describe a parity case/,
    );
  });
});
