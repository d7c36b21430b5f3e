/** Rapidash as a model that can be verified. */
import type { Field } from '../../signature.ts';
import { type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import { weightsOnDevice } from '../device-weights.ts';
import type { Model } from '../model.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble, checkedSize, edgeAttributesOf } from './batch.ts';
import type { Weights } from './block.ts';
import { calibrate } from './calibrate.ts';
import { batchSize } from './cost.ts';
import { signatureOf } from './description.ts';
import { deviceClouds } from './device.ts';
import { randomExample, shortened } from './example.ts';
import { groupsBySize } from './groups.ts';
import { gridFor, initialWeights } from './initialise.ts';
import { rapidashLayers } from './layers.ts';
import { loadWeights } from './load.ts';
import { forward } from './net.ts';
import { type RapidashSpecification, specificationOf } from './specification.ts';
import { topologyOf } from './topology.ts';
import { rapidashTrainable } from './trainable.ts';
import { parameterCountOf } from './weights.ts';

export interface RapidashRequest {
  readonly options: Options;
  readonly fields: readonly Field[];
  /** Trained weights: the path of a safetensors file with official names, or the arrays. */
  readonly weights?: string | WeightArrays;
  /** Seed of untrained weights. */
  readonly seed: number;
  /** A sample to calibrate untrained weights on; a random cloud without it. */
  readonly example?: Values;
}

export type Runtimes = Readonly<Record<Precision, Runtime>>;

/** A model whose weights can be read and stored. */
export interface RapidashModel extends Model {
  /** The weights in use, calibrated. */
  weights(): Promise<WeightArrays>;
}

/**
 * Weights go to the device when a precision is first used. Both precisions run the same float32 numbers.
 * @throws Fault `model/…` for options or fields that make no network, or weights of another one.
 */
export function openRapidash(request: RapidashRequest, runtimes: Runtimes): RapidashModel {
  const specification = specificationOf(request.options, request.fields);
  const { config, title, grid } = specification;
  const loaded =
    request.weights === undefined ? undefined : loadWeights(config, request.weights, gridFor(config, grid));
  let arrays: Promise<WeightArrays> | undefined = loaded && Promise.resolve(loaded);
  const weights = (): Promise<WeightArrays> => {
    arrays ??= untrained(specification, request, runtimes.float64);
    return arrays;
  };
  const onDevice = weightsOnDevice(title, runtimes);

  return {
    title,
    signature: signatureOf(specification),
    parameterCount: parameterCountOf(config),
    backend: runtimes.float32.backend.description,
    precisions: ['float32', 'float64'],
    weights,
    trainable: async () => rapidashTrainable(specification, await weights(), runtimes.float32),
    async evaluate(batch, precision) {
      const sizes = batch.map((values) => checkedSize(specification, values));
      const runtime = runtimes[precision];
      const device = onDevice.of(precision, await weights());
      const results: Values[] = Array(batch.length);
      for (const group of groupsBySize(sizes, (size) => batchSize(config, size, precision))) {
        const clouds = group.map((index) => batch[index]!);
        const outputs = await evaluateClouds(specification, runtime, device, clouds);
        group.forEach((index, i) => {
          results[index] = outputs[i]!;
        });
      }
      return results;
    },
    async layers(batch) {
      const device = onDevice.of('float32', await weights());
      return rapidashLayers(specification, runtimes.float32, device, batch);
    },
    dispose: onDevice.dispose,
  };
}

async function untrained(
  specification: RapidashSpecification,
  { seed, example }: RapidashRequest,
  float64: Runtime,
): Promise<WeightArrays> {
  const random = randomFromSeed(seed).stream('rapidash');
  const weights = initialWeights(specification.config, random, specification.grid);
  if (example) checkedSize(specification, example);
  const values = example ? shortened(specification, example) : randomExample(specification, random);
  return calibrate(float64, specification, weights, values);
}

/** One batch of clouds of one size. */
async function evaluateClouds(
  specification: RapidashSpecification,
  runtime: Runtime,
  weights: Weights,
  batch: readonly Values[],
): Promise<Values[]> {
  const { config } = specification;
  const clouds = assemble(specification, batch);
  const topology = topologyOf(config, { dim: config.dim, data: clouds.positions.data }, clouds.sizes);
  const edges = edgeAttributesOf(specification, batch, clouds, topology);
  const outputs = runtime.tf.tidy(
    () => forward(runtime, config, weights, deviceClouds(runtime, clouds, edges), topology) as never,
  ) as ReturnType<typeof forward>;
  const results: Record<string, NdArray>[] = batch.map(() => ({}));
  try {
    for (const { name, type } of signatureOf(specification).outputs) {
      const { data } = await runtime.array(outputs[name as 'scalars' | 'vectors']!);
      const points = clouds.sizes[0]!;
      const shape = [
        ...type.axes.map((axis) => ('index' in axis ? points : axis.size)),
        ...(type.representation.kind === 'vector' ? [config.dim] : []),
      ];
      const length = sizeOf(shape);
      results.forEach((result, i) => {
        result[name] = real(shape, data.slice(i * length, (i + 1) * length));
      });
    }
  } finally {
    runtime.tf.dispose(Object.values(outputs));
  }
  return results;
}
