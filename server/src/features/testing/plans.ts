/** Plans for tests of the checks' states. */
import type { Verdict } from '@noether/engine/catalog';
import type { PlannedCheck, PlannedFile } from '../check.ts';

export const uri = 'file:///labs/objects.equi';

export function planned(
  name: string,
  { expect = 'holds' as Verdict, seed = 0, index = 0, file = '/labs/objects.npz', hidden = 32 } = {},
): PlannedCheck {
  return {
    path: `/items@${index}`,
    groupText: 'SE(3)',
    model: { uri, path: '/items@8' },
    data: { uri, path: '/items@9' },
    plan: {
      kind: 'check',
      id: `${name} on objects under SE(3)`,
      title: `${name} on objects under SE(3)`,
      model: { kind: 'family', name, family: 'Rapidash', options: { hidden, of: name } },
      data: { name: 'objects', file, fields: [], samples: 16, skip: 0, sizes: {} },
      group: { kind: 'SE', dim: 3, scale: 1 },
      options: { within: 'auto', elements: 64, confidence: 0.95, seed, expect },
      timeLimit: 60,
    },
  };
}

export function file(version: number, ...checks: PlannedCheck[]): PlannedFile {
  return { uri, version, checks };
}
