/** New clouds from a denoiser, each with the size and the other fields of a sample of the data. */
import type { Dataset, Sample } from '../data/dataset.ts';
import { noiseLevel } from '../diffusion/noise-level.ts';
import { type SamplerOptions, sampleClouds } from '../diffusion/sampler.ts';
import { Fault } from '../fault.ts';
import { bindInputs } from '../model/binding.ts';
import type { Model } from '../model/model.ts';
import { real, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';

export interface GenerateRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly count: number;
  /** Levels in the unit of the denoiser's data scale. */
  readonly options: SamplerOptions;
  readonly random: Random;
  onStep?(step: number): void;
  readonly signal?: AbortSignal;
}

export interface Generated {
  readonly dim: 2 | 3;
  /** The field that was made. */
  readonly field: string;
  /** Centred positions [n, dim], and the sample that lent its size and fields. */
  readonly clouds: readonly { readonly positions: Float64Array; readonly like: Sample }[];
}

/** @throws Fault `generate/not-a-denoiser`; `model/…` where the data does not feed the model; the signal's reason */
export async function generateClouds(request: GenerateRequest): Promise<Generated> {
  const { model, dataset, count, options, random } = request;
  const { denoising } = model;
  if (!denoising) {
    throw new Fault({
      code: 'generate/not-a-denoiser',
      message: `${model.title} takes no noise off, so nothing can be generated with it`,
      expected: 'a model that denoises',
      found: model.title,
      advice: 'Take a `RapidashDenoiser`, trained by `loss: denoising(positions)`.',
    });
  }
  const { dim, scale, field } = denoising;
  const bindings = bindInputs(model.signature, dataset.fields);
  const source = bindings.find(({ input }) => input.name === field.name)!.field.name;
  const like = Array.from({ length: count }, (_, i) => dataset.samples[i % dataset.samples.length]!);
  const fixed = like.map(({ values }) =>
    Object.fromEntries(bindings.map(({ input, field: from }) => [input.name, values[from.name]!])),
  );
  const clouds = await sampleClouds({
    sizes: like.map(({ values }) => values[source]!.shape[0]!),
    dim,
    options: { ...options, highest: options.highest * scale, lowest: options.lowest * scale },
    random,
    ...(request.onStep ? { onStep: request.onStep } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
    async denoise(noisy, sigma) {
      const batch = noisy.map(
        (positions, i): Values => ({
          ...fixed[i],
          [field.name]: real([positions.length / dim, dim], positions),
          [noiseLevel.name]: real([], [sigma]),
        }),
      );
      const results = await model.evaluate(batch, 'float32');
      return results.map(({ denoised }) => denoised!.data as Float64Array);
    },
  });
  return {
    dim,
    field: source,
    clouds: clouds.map((positions, i) => ({ positions, like: like[i]! })),
  };
}
