/** Stored runs of the official Rapidash, on the graphics adapter, within the tolerances of float32 anywhere. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openRuntime } from '../tensor/index.ts';
import { findCases, readCase } from './case.ts';
import { runnerFor } from './registry.ts';
import { runCase } from './run.ts';

const folder = fileURLToPath(new URL('../../../test-fixtures/parity/rapidash', import.meta.url));
// The U-net, the largest, takes long on a software adapter.
const cases = findCases(folder)
  .map((path) => readCase(path))
  .filter(({ name }) => name !== 'net-unet-node');
const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each(cases.map((each) => [`${each.system}, ${each.name}`, each] as const))(
  '%s',
  async (_name, parityCase) => {
    for (const { form, comparisons } of await runCase(runnerFor(parityCase)!, parityCase, gpu)) {
      expect(comparisons.length).toBeGreaterThan(0);
      for (const { name, difference, tolerance } of comparisons) {
        expect.soft(difference, `${form} ${name}`).toBeLessThanOrEqual(tolerance);
      }
    }
  },
);
