/** PENG-CDE as a model that can be verified. */
import type { Field } from '../../signature.ts';
import { type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import { weightsOnDevice } from '../device-weights.ts';
import { drawWeights } from '../initial-weights.ts';
import { readWeights } from '../load-weights.ts';
import type { Model } from '../model.ts';
import { type WeightArrays, weightCount } from '../weights.ts';
import { assemble, checkedSizes, groupsOf } from './batch.ts';
import { signatureOf } from './description.ts';
import { predictions } from './evaluate.ts';
import { specificationOf } from './specification.ts';
import { pengCdeTrainable } from './trainable.ts';
import { weightSpecs } from './weights.ts';

export interface PengCdeRequest {
  readonly options: Options;
  readonly fields: readonly Field[];
  /** Trained weights: the path of a safetensors file with official names, or the arrays. */
  readonly weights?: string | WeightArrays;
  /** Seed of untrained weights. */
  readonly seed: number;
}

/**
 * Weights go to the device when a precision is first used. Both precisions run the same float32 numbers.
 * @throws Fault `model/…` for options or fields that make no network, or weights of another one.
 */
export function openPengCde(request: PengCdeRequest, runtimes: Readonly<Record<Precision, Runtime>>): Model {
  const specification = specificationOf(request.options, request.fields);
  const { title } = specification;
  const signature = signatureOf(specification);
  const specs = weightSpecs(specification.shapes);
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const weights =
    request.weights === undefined
      ? drawWeights(specs, randomFromSeed(request.seed).stream('peng-cde'))
      : readWeights(request.weights, { shapes, isUnused });
  const onDevice = weightsOnDevice(title, runtimes);

  return {
    title,
    signature,
    parameterCount: weightCount(specs),
    backend: runtimes.float32.backend.description,
    precisions: ['float32', 'float64'],
    trainable: async () => pengCdeTrainable(specification, weights, runtimes.float32),
    async evaluate(batch, precision) {
      const device = onDevice.of(precision, weights);
      const sizes = batch.map((values) => checkedSizes(specification, values));
      const runtime = runtimes[precision];
      const { name, type } = signature.outputs[0]!;
      const results: Values[] = Array(batch.length);
      for (const group of groupsOf(specification, batch, precision)) {
        const host = assemble(
          specification,
          group.map((index) => batch[index]!),
        );
        const output = runtime.tf.tidy(() => predictions(runtime, specification, device, host));
        const { data } = await runtime.array(output);
        output.dispose();
        group.forEach((index, i) => {
          const shape = type.axes.map((axis) => ('index' in axis ? sizes[index]![axis.index]! : axis.size));
          const length = sizeOf(shape);
          const own: NdArray = real(shape, data.slice(i * length, (i + 1) * length));
          results[index] = { [name]: own };
        });
      }
      return results;
    },
    dispose: onDevice.dispose,
  };
}

/** What official files hold and nothing reads: an encoder of node numbers, and a second copy of the field. */
function isUnused(name: string): boolean {
  return name.includes('enc_idx') || name.includes('index_encoder');
}
