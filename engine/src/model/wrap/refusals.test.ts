/** What cannot be wrapped, and what is said then. */
import { beforeAll, describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { functionModel, scalar, type, vector } from '../../verify/testing.ts';
import type { WrapSpec } from './spec.ts';
import { cloud, leaky } from './testing.ts';
import { wrapModel } from './wrap.ts';

let double: Runtime;
beforeAll(async () => {
  double = await openRuntime({ precision: 'float64' });
});

describe('refusals', () => {
  const scores = functionModel(
    { x: cloud.x },
    { part: { type: type({ kind: 'category', count: 3 }), compute: () => real([], [1]) } },
    ['float64'],
  );
  const numbers = functionModel(
    { s: type(scalar, 'point') },
    { y: { type: type(scalar), compute: () => real([], [1]) } },
    ['float64'],
  );
  it.each([
    [
      'a mean over translations',
      leaky(),
      { kind: 'averaged', group: { kind: 'T', dim: 3, scale: 1 }, draws: 8, seed: 0 },
      'model/wrap-group',
      /no mean over T\(3/,
    ],
    [
      'frames of a finite group',
      leaky(),
      { kind: 'framed', group: { kind: 'C', n: 4 }, signs: 'all' },
      'model/wrap-group',
      /principal axes/,
    ],
    [
      'frames of plain numbers',
      numbers,
      { kind: 'framed', signs: 'all' },
      'model/wrap-input',
      /no input that a frame/,
    ],
    ['Lorentz frames of positions', leaky(), { kind: 'lloca' }, 'model/wrap-input', /Lorentz frame/],
    [
      'the mean of categories',
      scores,
      { kind: 'framed', signs: 'all' },
      'model/wrap-output',
      /categories have no mean/,
    ],
    [
      'an index set that is not there',
      leaky(),
      { kind: 'sorted', group: { kind: 'S', index: 'atom' } },
      'model/wrap-group',
      /S\(atom\)/,
    ],
    [
      'vectors under boosts',
      leaky({ x: type({ kind: 'fourvector' }, 'point'), v: type(vector, 'point') }),
      { kind: 'lloca' },
      'group/no-action',
      /no action/,
    ],
  ] as const)('%s', (_, model, spec, code, text) => {
    let caught: unknown;
    try {
      wrapModel(model, spec as WrapSpec, double);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ finding: { code } });
    expect((caught as Error).message).toMatch(text);
  });
});
