import { expect, it } from 'vitest';
import { plotOf } from './plot.ts';

const frame = { left: 50, right: 250, top: 10, bottom: 110 };

it('draws steps to the right and losses upwards, up to the steps that are wanted', () => {
  const points = [
    { step: 50, loss: 4, validation: 2 },
    { step: 100, loss: 1 },
  ];
  const plot = plotOf({ points, steps: [{ step: 0, loss: 5 }], stepsWanted: 200 }, frame);
  expect(plot.logarithmic).toBe(false);
  expect(plot.loss).toBe('100,30 150,90');
  expect(plot.validation).toBe('100,70');
  expect(plot.steps).toBe('50,10');
  expect(plot.y).toEqual([0, 1, 2, 3, 4, 5].map((text, i) => ({ at: 110 - 20 * i, text: String(text) })));
  expect(plot.x.map(({ text }) => text)).toEqual(['0', '50', '100', '150', '200']);
  expect(plot.marks.map(({ text }) => text)).toEqual([
    'step 50: loss 4',
    'step 100: loss 1',
    'step 50: validation loss 2',
  ]);
});

it('goes over to decades where the losses span many', () => {
  const points = [
    { step: 1, loss: 10 },
    { step: 2, loss: 0.001 },
  ];
  const plot = plotOf({ points, steps: [], stepsWanted: 2 }, frame);
  expect(plot.logarithmic).toBe(true);
  expect(plot.y.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1', '1', '10']);
  expect(plot.loss).toBe('150,10 250,110');
});

it.each([
  ['nothing', [], 100],
  ['one point', [{ step: 3, loss: 0.5 }], 100],
  ['zero', [{ step: 3, loss: 0 }], 10],
  ['negative ones', [{ step: 3, loss: -2 }], 10],
  [
    'equal ones',
    [
      { step: 1, loss: 7 },
      { step: 2, loss: 7 },
    ],
    2,
  ],
  ['one step in all', [{ step: 1, loss: 7 }], 1],
  ['more steps than wanted', [{ step: 90, loss: 7 }], 10],
  [
    'no numbers',
    [
      { step: 1, loss: Number.NaN },
      { step: 2, loss: Number.POSITIVE_INFINITY },
    ],
    10,
  ],
])('stays inside its frame with %s', (_, points, stepsWanted) => {
  const plot = plotOf({ points, steps: points, stepsWanted }, frame);
  for (const { x, y } of plot.marks) {
    expect(x).toBeGreaterThanOrEqual(frame.left);
    expect(x).toBeLessThanOrEqual(frame.right);
    expect(y).toBeGreaterThanOrEqual(frame.top);
    expect(y).toBeLessThanOrEqual(frame.bottom);
  }
  expect(plot.marks.length).toBe(points.filter(({ loss }) => Number.isFinite(loss)).length);
  for (const { at } of plot.y) expect(at).toBeGreaterThanOrEqual(frame.top);
  expect(plot.y.length).toBeGreaterThan(1);
  expect(plot.x.length).toBeGreaterThan(1);
});
