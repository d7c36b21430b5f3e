import { expect, test } from 'vitest';
import { findingOf } from '../../fault.ts';
import { createGroup } from '../../group/index.ts';
import { randomFromSeed, real } from '../../tensor/index.ts';
import type { Options } from '../description.ts';
import type { Model } from '../model.ts';
import { bothRuntimes, cloud, field, gap, positions } from '../rapidash/testing.ts';
import { rapidashDenoiser } from './description.ts';
import { openRapidashDenoiser } from './model.ts';

const small: Options = {
  orientations: 12,
  grid: 'icosahedral',
  hidden: 8,
  layers: 2,
  basis: 8,
  basis_hidden: 8,
};
const told = field('noise_level', { representation: { kind: 'scalar' }, axes: [] });

async function open(options: Options = {}, fields = [positions]): Promise<Model> {
  return openRapidashDenoiser({ options: { ...small, ...options }, fields, seed: 1 }, await bothRuntimes());
}

const { positions: x } = cloud(9, 4);
const at = (sigma: number) => ({ positions: x!, noise_level: real([], [sigma]) });

test('translations are symmetries, and rotations nearly', async () => {
  const model = await open();
  const clouds = [cloud(8, 1), cloud(9, 2)];
  const random = randomFromSeed(1);
  const translation = createGroup({ kind: 'T', dim: 3, scale: 5 }).sample(random, { point: 9 });
  expect(await gap(model, clouds, translation)).toBeLessThan(1e-13);
  const rotation = createGroup({ kind: 'SO', dim: 3 }).sample(random, { point: 9 });
  const untrained = await gap(model, clouds, rotation);
  expect(untrained).toBeGreaterThan(1e-6);
  expect(untrained).toBeLessThan(0.1);
});

test('little noise leaves the cloud as it is, much noise leaves the network', async () => {
  const model = await open();
  const [clean] = await model.evaluate([at(1e-5)], 'float64');
  clean!.denoised!.data.forEach((value, i) => {
    expect(Math.abs(value - x!.data[i]!)).toBeLessThan(1e-4);
  });
  const [a, b] = await model.evaluate([at(50), at(0.5)], 'float64');
  expect(a!.denoised!.data).not.toEqual(b!.denoised!.data);
});

test('the level of the option is taken where a sample tells none, in units of the data scale', async () => {
  const model = await open({ noise: 0.25, data_scale: 2 });
  const [own, same] = await model.evaluate([{ positions: x! }, at(0.5)], 'float64');
  expect(own!.denoised!.data).toEqual(same!.denoised!.data);
});

test('clouds in another unit are denoised alike', async () => {
  const scaled = real(
    x!.shape,
    Float64Array.from(x!.data, (value) => 10 * value),
  );
  const [one] = await (await open()).evaluate([at(0.4)], 'float64');
  const other = await open({ data_scale: 10 });
  const [ten] = await other.evaluate([{ positions: scaled, noise_level: real([], [4]) }], 'float64');
  ten!.denoised!.data.forEach((value, i) => {
    expect(Math.abs(value - 10 * one!.denoised!.data[i]!)).toBeLessThan(1e-11);
  });
});

test('training sees the same model, clouds of several sizes and levels at once', async () => {
  const model = await open();
  const { runtime, names, weights, prepare } = await model.trainable!();
  const batch = [at(0.3), { ...cloud(6, 5), noise_level: real([], [2]) }];
  const results = await model.evaluate(batch, 'float32');
  const expected = results.flatMap(({ denoised }) => [...denoised!.data]);
  const forward = prepare(batch);
  const { denoised } = runtime.tf.tidy(() =>
    forward(Object.fromEntries(names.map((name) => [name, runtime.tensor(weights[name]!)]))),
  );
  const found = (await runtime.array(denoised!)).data;
  expect(denoised!.shape).toEqual([15, 3]);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  });
});

test('it presents itself: positions in and out, the noise level only where the data tells it', () => {
  const signature = (fields: Parameters<typeof rapidashDenoiser.signature>[1]) =>
    rapidashDenoiser.signature(small, fields);
  expect(signature([positions]).inputs.map(({ name }) => name)).toEqual(['positions']);
  expect(signature([positions, told]).inputs.map(({ name }) => name)).toEqual(['positions', 'noise_level']);
  expect(signature([positions]).outputs).toEqual([{ name: 'denoised', type: positions.type }]);
  expect(rapidashDenoiser.parameterCount(small, [positions])).toBeGreaterThan(500);
  expect(rapidashDenoiser.flops!(small, [positions], { point: 9 })).toBeGreaterThan(1e4);
  const names = rapidashDenoiser.options.map(({ name }) => name);
  expect(names).not.toContain('vector_outputs');
  expect(names).toContain('data_scale');
});

test('what makes no denoiser is said', async () => {
  const found = (options: Options) => {
    try {
      return rapidashDenoiser.signature(options, [positions]);
    } catch (error) {
      return findingOf(error);
    }
  };
  expect(found({ space: 'R3' })).toMatchObject({
    code: 'model/option-conflict',
    message: 'R3 has no orientations, so Rapidash cannot put out vectors there',
  });
  expect(found({ level: 'graph' })).toMatchObject({ code: 'model/unknown-option' });
  const model = await open();
  const silent = await model.evaluate([at(0)], 'float64').catch(findingOf);
  expect(silent).toMatchObject({
    code: 'model/input-value',
    message: '`noise_level` is 0, and a denoiser needs noise',
  });
  expect(await model.evaluate([{}], 'float64').catch(findingOf)).toMatchObject({
    code: 'model/missing-input',
  });
});
