import { expect, test } from 'vitest';
import { gradientError } from '../tensor/fixes/differences.ts';
import { openRuntime, real } from '../tensor/index.ts';
import { lossSum } from './loss.ts';
import { metricsOf } from './metrics.ts';
import { restored, standardisationOf, standardised } from './standardise.ts';
import { targetOf } from './target.ts';
import { clouds } from './testing.ts';
import type { LossName } from './training.ts';

const runtime = await openRuntime({ precision: 'float64' });
const predicted = real([2, 3], [0.2, -1.5, 3, 0.4, 0.1, -0.3]);
const classes = Float64Array.of(2, 0);
const wanted = Float64Array.of(0, 0, 0, 1, -1, 2);

async function loss(name: LossName): Promise<number> {
  const target = name === 'cross_entropy' ? classes : wanted;
  return (await runtime.array(lossSum(runtime, name, runtime.tensor(predicted), target))).data[0]!;
}

test('values', async () => {
  const softmax = (row: number[], k: number) =>
    -Math.log(Math.exp(row[k]!) / row.reduce((s, x) => s + Math.exp(x), 0));
  expect(await loss('cross_entropy')).toBeCloseTo(
    softmax([0.2, -1.5, 3], 2) + softmax([0.4, 0.1, -0.3], 0),
    12,
  );
  // d = 0.2, -1.5, 3, -0.6, 1.1, -2.3
  expect(await loss('l1')).toBeCloseTo(8.7 / 3, 12);
  expect(await loss('mse')).toBeCloseTo((0.04 + 2.25 + 9 + 0.36 + 1.21 + 5.29) / 3, 12);
  expect(await loss('huber')).toBeCloseTo((0.02 + 1 + 2.5 + 0.18 + 0.6 + 1.8) / 3, 12);
});

test.each(['cross_entropy', 'l1', 'mse', 'huber'] as const)('gradient of %s', async (name) => {
  const target = name === 'cross_entropy' ? classes : wanted;
  expect(await gradientError((_, x) => lossSum(runtime, name, x, target), predicted)).toBeLessThan(1e-6);
});

test('the largest logit does not overflow', async () => {
  const huge = runtime.tensor(real([1, 2], [1000, 0]));
  expect((await runtime.array(lossSum(runtime, 'cross_entropy', huge, Float64Array.of(1)))).data[0]).toBe(
    1000,
  );
});

test('accuracy and mean intersection over union', () => {
  const logits = (guesses: number[]) =>
    Float64Array.from(guesses.flatMap((k) => [0, 1, 2].map((i) => (i === k ? 1 : 0))));
  const judged = [
    // Classes 0 and 1 are there: 0 has 1 of 2, 1 has 2 of 3.
    { predicted: logits([0, 1, 1, 1]), target: Float64Array.of(0, 0, 1, 1) },
    // Class 2 is guessed and not there: 0 has 1 of 2, 2 has 0 of 1.
    { predicted: logits([0, 2]), target: Float64Array.of(0, 0) },
  ];
  const { accuracy, mean_iou } = metricsOf('classes', 3, judged);
  expect(accuracy).toBeCloseTo(4 / 6, 12);
  expect(mean_iou).toBeCloseTo(((1 / 2 + 2 / 3) / 2 + (1 / 2 + 0) / 2) / 2, 12);
});

test('the area under the curve counts pairs in their order, and ties half', () => {
  // Scores 1, 2, 2 and 3 of classes 0, 1, 0 and 1 in two samples: of four pairs three in order and one tied.
  const judged = [
    { predicted: Float64Array.of(0, 1, -1, 1), target: Float64Array.of(0, 1) },
    { predicted: Float64Array.of(1, 3, 0, 3), target: Float64Array.of(0, 1) },
  ];
  expect(metricsOf('classes', 2, judged).auc).toBe(3.5 / 4);
  const alike = [{ predicted: Float64Array.of(0, 1), target: Float64Array.of(1) }];
  expect(metricsOf('classes', 2, alike)).not.toHaveProperty('auc');
});

test('mean absolute and squared errors weigh every number alike', () => {
  const judged = [
    { predicted: Float64Array.of(1, 2), target: Float64Array.of(0, 0) },
    { predicted: Float64Array.of(3), target: Float64Array.of(6) },
  ];
  expect(metricsOf('numbers', 1, judged)).toEqual({ mae: 2, mse: 14 / 3 });
});

test('scalars are centred and scaled, vectors only scaled', () => {
  const dataset = clouds(20);
  const out = (name: string, type: (typeof dataset.fields)[number]['type']) => ({
    inputs: [],
    outputs: [{ name, type }],
  });
  const energy = targetOf(out('scalars', dataset.fields[1]!.type), dataset, { name: 'mse', field: 'energy' });
  const of = standardisationOf(energy, dataset.samples);
  const values = Float64Array.from(dataset.samples, ({ values }) => values.energy!.data[0]!);
  const scaled = standardised(values, of);
  expect(scaled.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 8);
  expect(scaled.reduce((a, b) => a + b * b, 0) / 20).toBeCloseTo(1, 10);
  for (const [i, value] of restored(scaled, of).entries()) expect(value).toBeCloseTo(values[i]!, 10);
  const forces = targetOf(out('vectors', dataset.fields[2]!.type), dataset, { name: 'mse', field: 'forces' });
  const vectors = standardisationOf(forces, dataset.samples);
  expect(vectors.mean).toEqual([0, 0, 0]);
  expect(new Set(vectors.deviation).size).toBe(1);
});
