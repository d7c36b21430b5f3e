import { expect, test } from 'vitest';
import { findingOf } from '../fault.ts';
import { generateClouds } from '../generate/generate.ts';
import { scoreClouds } from '../generate/scores.ts';
import { openFamily } from '../model/index.ts';
import { openRuntime, randomFromSeed, real } from '../tensor/index.ts';
import { withNoise } from './denoising.ts';
import { judge } from './judge.ts';
import { splitOf } from './split.ts';
import { baseOptions, clouds, fields, rapidash } from './testing.ts';
import { train } from './train.ts';
import type { TrainOptions } from './training.ts';

const dataset = {
  ...clouds(40),
  samples: clouds(40).samples.map((sample, n) => {
    // Rods of four or five points: far from what noise makes.
    const points = 4 + (n % 2);
    const rod = Float64Array.from({ length: 3 * points }, (_, i) =>
      i % 3 === n % 3 ? (i - (i % 3)) / 3 : 0,
    );
    return { ...sample, values: { ...sample.values, positions: real([points, 3], rod) } };
  }),
};

const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};
const options = { orientations: 6, hidden: 16, layers: 2, basis: 8, basis_hidden: 8, data_scale: 0.8 };
const open = (weights?: Parameters<typeof openFamily>[0]['weights']) =>
  openFamily({ family: 'RapidashDenoiser', options, fields, ...(weights ? { weights } : {}) }, runtimes);
const asked: TrainOptions = {
  ...baseOptions,
  loss: { name: 'denoising', field: 'positions' },
  steps: 150,
  batch: 10,
  rate: 5e-3,
  clip: 1,
  test: 0.25,
  every: 25,
};

test('noise is put on about the centroid, and the target is what was there', () => {
  const [sample] = dataset.samples;
  const position = fields[0]!;
  const noisy = withNoise({ field: position, dim: 3, scale: 1 }, sample!, randomFromSeed(2));
  expect(noisy.clean).toEqual(sample!.values.positions!.data);
  const moved = noisy.values.positions!.data as Float64Array;
  const noise = moved.map((value, i) => value - noisy.clean[i]!);
  const shift = [0, 1, 2].map((k) => noise.reduce((sum, v, i) => (i % 3 === k ? sum + v : sum), 0));
  for (const sum of shift) expect(Math.abs(sum)).toBeLessThan(1e-12);
  expect(noisy.weight).toBeCloseTo((noisy.sigma ** 2 + 1) / noisy.sigma ** 2, 10);
});

test('learns to denoise, the same way every time, and makes clouds like those it has seen', async () => {
  const run = async (given: Partial<TrainOptions> = {}) =>
    train({ trainable: await (await open()).trainable!(), dataset, options: { ...asked, ...given } });
  const { training, weights } = await run();
  const losses = training.curve.map(({ loss }) => loss);
  // Untrained, the loss in the network's units is about one.
  expect(losses.at(-1)).toBeLessThan(0.6 * losses[0]!);
  expect(training.test!.loss).toBeLessThan(0.8 * losses[0]!);
  expect(training.output).toBe('denoised');
  expect(training.standardisation).toBeUndefined();
  const again = await run({ steps: 10 });
  expect((await run({ steps: 10 })).training.curve).toEqual(again.training.curve);

  const model = await open(weights);
  const request = { dataset, loss: asked.loss, seed: 3 };
  const own = await judge({ ...request, model });
  expect(own.mse).toBeLessThan((await judge({ ...request, model: await open() })).mse!);
  expect(await judge({ ...request, model })).toEqual(own);

  const levels = { steps: 20, highest: 10, lowest: 0.01, rho: 7, churn: 0 };
  const made = async (one: typeof model) =>
    generateClouds({ model: one, dataset, count: 12, options: levels, random: randomFromSeed(1) });
  const split = splitOf(40, asked);
  const scores = scoreClouds(await made(model), dataset, split);
  const before = scoreClouds(await made(await open()), dataset, split);
  expect(scores.heldOut).toBe(10);
  expect(scores.made.matching).toBeLessThan(0.5 * before.made.matching);
  const { clouds: rods } = await made(model);
  expect(rods.map(({ positions }) => positions.length)).toEqual(
    dataset.samples.slice(0, 12).map(({ sizes }) => 3 * sizes.point!),
  );
});

test('what cannot be trained or generated is said', async () => {
  const other = await rapidash({ level: 'point', vector_outputs: 1, orientations: 4 });
  const failed = async (promise: Promise<unknown>) =>
    findingOf(
      await promise.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  expect(await failed(train({ trainable: await other.trainable!(), dataset, options: asked }))).toMatchObject(
    {
      code: 'train/not-a-denoiser',
      message: 'the model does not take noise off `positions: position[point]`',
      expected: 'an input `positions` and an output `denoised: position[point]`',
    },
  );
  const levels = { steps: 2, highest: 1, lowest: 0.1, rho: 7, churn: 0 };
  const wrong = generateClouds({
    model: other,
    dataset,
    count: 1,
    options: levels,
    random: randomFromSeed(1),
  });
  expect(await failed(wrong)).toMatchObject({ code: 'generate/not-a-denoiser' });
  const generated = await generateClouds({
    model: await open(),
    dataset,
    count: 1,
    options: levels,
    random: randomFromSeed(1),
  });
  const nothing = { train: [0], validation: [], test: [] };
  expect(() => scoreClouds(generated, dataset, nothing)).toThrow('the training held no samples out');
});
