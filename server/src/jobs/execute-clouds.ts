/** Makes clouds with a trained denoiser, inside a process of its own. */
import {
  type Dataset,
  type Generated,
  generateClouds,
  loadDataset,
  randomFromSeed,
  scoreClouds,
  splitOf,
} from '@noether/engine';
import type { CloudsAnswer, CloudsQuestion, MadeCloud } from './ask-clouds.ts';
import { openModel } from './open-model.ts';
import { weightsOf } from './trained-weights.ts';

/** Steps near the highest level take longer strides: Karras et al. 2022, table 1. */
const rho = 7;

/** @throws Fault `train/not-trained`, `generate/…`, and as loading and opening do */
export async function executeClouds(
  { training, settings, count, seed, compare, ...levels }: CloudsQuestion,
  onStep: (done: number, total: number) => void,
): Promise<CloudsAnswer> {
  const started = performance.now();
  const { model: plan, data, options } = training;
  if (plan.kind !== 'family') throw new Error('only families are trained');
  const { file } = await weightsOf(training, settings);
  const dataset = await loadDataset(data, { maxBytes: settings.maxDataBytes });
  const { trained: _, ...own } = plan;
  const model = await openModel({ ...own, weights: file }, dataset.fields, settings);
  try {
    const generated = await generateClouds({
      model,
      dataset,
      count,
      options: { ...levels, rho },
      random: randomFromSeed(seed).stream('generate'),
      onStep: (step) => onStep(step, levels.steps),
    });
    return {
      dim: generated.dim,
      clouds: generated.clouds.map((cloud) => madeCloud(cloud, generated.field, dataset)),
      ...(compare
        ? { scores: scoreClouds(generated, dataset, splitOf(dataset.samples.length, options)) }
        : {}),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    model.dispose();
  }
}

function madeCloud(
  { positions, like }: Generated['clouds'][number],
  made: string,
  { fields }: Dataset,
): MadeCloud {
  const index = fields.find(({ name }) => name === made)!.type.axes[0];
  const columns = fields.filter(
    ({ name, type: { axes, representation } }) =>
      name !== made &&
      axes.length === 1 &&
      JSON.stringify(axes[0]) === JSON.stringify(index) &&
      (representation.kind === 'scalar' || representation.kind === 'category'),
  );
  return {
    positions: [...positions],
    like: like.id,
    columns: Object.fromEntries(columns.map(({ name }) => [name, [...like.values[name]!.data]])),
  };
}
