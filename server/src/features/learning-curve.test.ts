import { expect, it } from 'vitest';
import { drawable, heard, noCurve } from './learning-curve.ts';

const points = (...steps: number[]) => steps.map((step) => ({ step, loss: 1 / step, rate: 0.1 }));

it('grows by what is heard; a step that is told again replaces what was known', () => {
  let curve = heard(noCurve, { step: 1, loss: 4 });
  curve = heard(curve, { step: 10, loss: 3, points: points(5, 10) });
  curve = heard(curve, { step: 20, loss: 2, points: points(15, 20) });
  expect(curve.points.map(({ step }) => step)).toEqual([5, 10, 15, 20]);
  // Stopped at 20, but the state on disk was that of step 12.
  const resumed = heard(curve, { step: 13, loss: 2.5, points: points(5, 10) });
  expect(resumed.points.map(({ step }) => step)).toEqual([5, 10]);
  expect(resumed.steps).toEqual([
    { step: 1, loss: 4 },
    { step: 10, loss: 3 },
    { step: 13, loss: 2.5 },
  ]);
});

it('stays small however long it is followed, with its newest step', () => {
  let curve = noCurve;
  for (let step = 1; step <= 5000; step++) curve = heard(curve, { step, loss: 1 / step });
  expect(curve.steps.length).toBeLessThanOrEqual(400);
  expect(curve.steps.length).toBeGreaterThan(100);
  expect(curve.steps.at(-1)).toEqual({ step: 5000, loss: 1 / 5000 });
  expect(curve.steps[0]!.step).toBeLessThan(200);
  const few = drawable(points(...Array.from({ length: 2001 }, (_, i) => i + 1)));
  expect(few.length).toBeLessThanOrEqual(500);
  expect(few.at(-1)!.step).toBe(2001);
});
