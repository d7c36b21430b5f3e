import { expect, test } from 'vitest';
import { randomFromSeed } from '../tensor/index.ts';
import { centred, centredNoise, centroidOf } from './centred.ts';
import { drawLevel, preconditioning, samplingLevels } from './edm.ts';
import { type SamplerOptions, sampleClouds } from './sampler.ts';

test.each([0.01, 0.3, 2, 40])('at noise %f the network sees and gives numbers of unit variance', (sigma) => {
  const scale = 0.7;
  const { skip, out, in: into, weight } = preconditioning(sigma, scale);
  // Input: variance of y + n. Target of the network: (y - skip (y + n)) / out.
  expect(into ** 2 * (scale ** 2 + sigma ** 2)).toBeCloseTo(1, 12);
  expect(((1 - skip) ** 2 * scale ** 2 + skip ** 2 * sigma ** 2) / out ** 2).toBeCloseTo(1, 12);
  // The weight makes the loss that of the network.
  expect(weight * out ** 2).toBeCloseTo(1, 12);
});

test('levels do not depend on the unit of length', () => {
  expect(preconditioning(0.3, 0.7).level).toBeCloseTo(preconditioning(3, 7).level, 12);
  expect(preconditioning(1.4, 1).level).toBeCloseTo(Math.log(1.4) / 4, 12);
});

test('trained levels are log-normal', () => {
  const random = randomFromSeed(1);
  const logs = Array.from({ length: 4000 }, () => Math.log(drawLevel(random, 2) / 2));
  const mean = logs.reduce((sum, x) => sum + x / logs.length, 0);
  const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2 / logs.length, 0));
  expect(Math.abs(mean + 1.2)).toBeLessThan(0.08);
  expect(Math.abs(deviation - 1.2)).toBeLessThan(0.06);
});

test('sampling levels fall from the highest to the lowest, and then to none', () => {
  const levels = samplingLevels({ steps: 4, highest: 16, lowest: 1, rho: 2 });
  // Evenly spaced roots: 4, 3, 2, 1.
  expect(levels.map((level) => Math.round(level * 1e9) / 1e9)).toEqual([16, 9, 4, 1, 0]);
  expect(samplingLevels({ steps: 1, highest: 5, lowest: 1, rho: 7 })[0]).toBeCloseTo(5, 12);
});

test('noise has no mean, and loses one degree of freedom by that', () => {
  const noise = centredNoise(randomFromSeed(3), 1000, 3);
  for (const mean of centroidOf(noise, 3)) expect(Math.abs(mean)).toBeLessThan(1e-12);
  const variance = noise.reduce((sum, x) => sum + x ** 2, 0) / (3 * 999);
  expect(Math.abs(variance - 1)).toBeLessThan(0.08);
  expect([...centred(Float64Array.of(1, 10, 3, 30), 2)]).toEqual([-1, -10, 1, 10]);
});

const options: SamplerOptions = { steps: 40, highest: 20, lowest: 0.002, rho: 7, churn: 0 };

/** For normally distributed data the best denoiser is known. */
const best = (scale: number) => async (clouds: readonly Float64Array[], sigma: number) =>
  clouds.map((x) => x.map((value) => (value * scale ** 2) / (scale ** 2 + sigma ** 2)));

test.each([0, 40])(
  'with the best denoiser of normal data, and churn %i, samples have its variance',
  async (churn) => {
    const clouds = await sampleClouds({
      denoise: best(0.8),
      sizes: Array(200).fill(20),
      dim: 3,
      options: { ...options, steps: 160, churn },
      random: randomFromSeed(4),
    });
    const sum = clouds.flatMap((x) => [...x]).reduce((total, value) => total + value ** 2, 0);
    expect(Math.abs(sum / (200 * 19 * 3) - 0.64)).toBeLessThan(0.025);
    for (const cloud of clouds)
      for (const mean of centroidOf(cloud, 3)) expect(Math.abs(mean)).toBeLessThan(1e-9);
  },
);

test('the deterministic sampler follows its own equation, at second order', async () => {
  // dx/ds = x s / (c^2 + s^2): x goes with sqrt(c^2 + s^2).
  const exact = 0.8 / Math.sqrt(0.64 + 20 ** 2);
  const end = async (steps: number) => {
    const noisy: Float64Array[] = [];
    const [cloud] = await sampleClouds({
      denoise: async (x, sigma) => {
        noisy.push(x[0]!.slice());
        return best(0.8)(x, sigma);
      },
      sizes: [5],
      dim: 2,
      options: { ...options, steps },
      random: randomFromSeed(5),
    });
    return Math.abs(cloud![0]! / noisy[0]![0]! - exact) / exact;
  };
  const [coarse, fine] = [await end(40), await end(160)];
  expect(coarse).toBeLessThan(0.01);
  expect(fine).toBeLessThan(coarse / 8);
});

test('a cloud does not depend on how many others are made, and an abort is heard', async () => {
  const request = { denoise: best(1), dim: 3, options: { ...options, churn: 5 }, random: randomFromSeed(6) };
  const one = await sampleClouds({ ...request, sizes: [7] });
  const three = await sampleClouds({ ...request, sizes: [7, 9, 7] });
  expect(three[0]).toEqual(one[0]);
  const stopping = new AbortController();
  const running = sampleClouds({
    ...request,
    sizes: [7],
    signal: stopping.signal,
    onStep: (step) => step === 3 && stopping.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
});
