import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import { findCases, readCase } from '../case.ts';
import { runnerFor } from '../registry.ts';
import { runCase } from '../run.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/parity/lloca', import.meta.url));
const folders = findCases(folder);
const named = (name: string) => readCase(folders.find((path) => path.endsWith(name))!);

describe('stored runs of the official LLoCa', () => {
  it('are all there', () => {
    expect(folders).toHaveLength(7);
  });

  for (const path of folders) {
    const parityCase = readCase(path);
    for (const precision of ['float64', 'float32'] as const) {
      it(`${parityCase.name} agrees in ${precision}`, async () => {
        const [result] = await runCase(runnerFor(parityCase)!, parityCase, await openRuntime({ precision }));
        const stored = parityCase.outputs.size + parityCase.intermediates.size + parityCase.gradients.size;
        expect(result!.comparisons).toHaveLength(stored);
        for (const { name, difference, tolerance } of result!.comparisons) {
          expect(difference, name).toBeLessThanOrEqual(tolerance);
        }
      });
    }
  }

  it('show a wrong weight of the Frames-Net in frames and gradients', async () => {
    const parityCase = named('learned-polar-ragged');
    const name = 'equivectors.block.mlp.mlp.2.weight';
    const { shape, data } = parityCase.weights.get(name)!;
    const wrong = real(
      shape,
      Float64Array.from(data, (value, i) => (i === 0 ? value + 1e-6 : value)),
    );
    const changed = { ...parityCase, weights: new Map([...parityCase.weights, [name, wrong]]) };
    const [result] = await runCase(runnerFor(changed)!, changed, await openRuntime({ precision: 'float64' }));
    const misses = result!.comparisons.filter(({ difference, tolerance }) => !(difference <= tolerance));
    expect(misses.map((miss) => miss.name)).toContain('output.L');
    expect(misses.some(({ kind }) => kind === 'gradient')).toBe(true);
  });

  it('show a wrong weight in float32 too, where misses are allowed what rounding does and no more', async () => {
    const parityCase = named('tagging-transformer');
    const name = 'framesnet.equivectors.block.mlp.mlp.0.weight';
    const { shape, data } = parityCase.weights.get(name)!;
    const wrong = real(
      shape,
      Float64Array.from(data, (value, i) => (i === 0 ? value + 1e-2 : value)),
    );
    const changed = { ...parityCase, weights: new Map([...parityCase.weights, [name, wrong]]) };
    const [result] = await runCase(runnerFor(changed)!, changed, await openRuntime({ precision: 'float32' }));
    const misses = result!.comparisons.filter(({ difference, tolerance }) => !(difference <= tolerance));
    expect(misses.map((miss) => miss.name)).toContain('output.score');
    expect(misses.some(({ kind }) => kind === 'gradient')).toBe(true);
  });

  it('leave no tensors behind in either library', async () => {
    const parityCase = named('tagging-transformer');
    const double = await openRuntime({ precision: 'float64' });
    const runtime = await openRuntime({ precision: 'float32' });
    await runCase(runnerFor(parityCase)!, parityCase, runtime);
    const before = [runtime, double].map(({ tf }) => tf.memory().numTensors);
    await runCase(runnerFor(parityCase)!, parityCase, runtime);
    expect([runtime, double].map(({ tf }) => tf.memory().numTensors)).toEqual(before);
  });
});
