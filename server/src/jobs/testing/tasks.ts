/** Tasks for tests: plain plans whose id tells the test worker what to do. */
import { fileURLToPath } from 'node:url';
import type { CheckPlan, RunSettings } from '../../plan/plan.ts';

export const testWorker = fileURLToPath(new URL('./worker.ts', import.meta.url));

export const testSettings: RunSettings = { backend: 'auto', maxDataBytes: 1e9 };

export function testCheck(id: string, part: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'check',
    id,
    title: id,
    model: { kind: 'family', name: 'steady', family: 'Rapidash', options: { layers: 3 } },
    data: {
      name: 'objects',
      file: '/nowhere/objects.npz',
      fields: [
        {
          name: 'positions',
          type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] },
        },
      ],
      samples: 8,
      skip: 0,
      sizes: {},
    },
    group: { kind: 'SE', dim: 3, scale: 1 },
    options: { within: 'auto', elements: 8, confidence: 0.95, seed: 0, expect: 'holds' },
    timeLimit: 60,
    ...part,
  };
}
