import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../data/prior/index.ts';
import { openRuntime } from '../../tensor/index.ts';
import { readCase } from '../case.ts';
import { runnerFor } from '../registry.ts';
import { runCase } from '../run.ts';
import { storedDraws } from './prior.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/parity/equitabpfn/', import.meta.url));
const caseOf = (name: string) => readCase(folder + name);

describe('stored runs of the official prior', () => {
  it.each(['prior-scm-causal', 'prior-scm-regression', 'prior-data-sets'])('%s agrees', async (name) => {
    const parityCase = caseOf(name);
    for (const precision of ['float64', 'float32'] as const) {
      const [result] = await runCase(runnerFor(parityCase)!, parityCase, await openRuntime({ precision }));
      expect(result!.comparisons).toHaveLength(name === 'prior-data-sets' ? 27 : 2);
      for (const { name: tensor, difference, tolerance } of result!.comparisons) {
        expect.soft(difference, tensor).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  it('would show a rotation, an activation and a target that are wrong', () => {
    const parityCase = caseOf('prior-scm-causal');
    const draws = storedDraws(parityCase);
    const far = (changed: Partial<typeof draws>, name: 'x' | 'y') => {
      const stored = parityCase.outputs.get(name)!.data;
      return Math.max(
        ...tableOf({ ...draws, ...changed })[name].map((value, i) => Math.abs(value - stored[i]!)),
      );
    };
    expect(far({}, 'x')).toBeLessThan(1e-5);
    expect(far({ rotation: (draws.rotation + 1) % 4 }, 'x')).toBeGreaterThan(1);
    expect(far({ activation: 'relu' }, 'y')).toBeGreaterThan(1);
    const features = draws.readout.kind === 'causal' ? draws.readout.features : [];
    expect(far({ readout: { kind: 'causal', features, target: 0 } }, 'y')).toBeGreaterThan(1);
  });

  it('of a sampler are judged by how often things happen', () => {
    const { outputs, rule } = caseOf('prior-data-sets');
    expect(outputs.get('share.2')!.data[0]).toBeCloseTo(427 / 600, 10);
    expect(rule!.tolerance('output', 'share.2', 'float64')).toBeCloseTo(
      4 * Math.sqrt((2 * (428 / 602) * (174 / 602)) / 600),
      10,
    );
    expect(outputs.has('x')).toBe(false);
  });
});
