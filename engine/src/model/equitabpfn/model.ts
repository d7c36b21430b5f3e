/** EquiTabPFN and TabPFN as models that can be verified. */
import type { Field } from '../../signature.ts';
import { real, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/random-stream.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import { weightsOnDevice } from '../device-weights.ts';
import { drawWeights } from '../initial-weights.ts';
import { readWeights } from '../load-weights.ts';
import type { Model } from '../model.ts';
import { type WeightArrays, weightCount } from '../weights.ts';
import { groupsOf, isLarge, logitsOf } from './batch.ts';
import { checkedSizes, hostTable } from './host-tables.ts';
import { type Network, specificationOf, specsOf } from './specification.ts';
import { streamedLogits } from './streamed.ts';
import { tableSignature } from './table-fields.ts';
import { tableTrainable } from './trainable.ts';

export interface TableModelRequest {
  readonly options: Options;
  readonly fields: readonly Field[];
  /** Trained weights: the path of a safetensors file with official names, or the arrays. */
  readonly weights?: string | WeightArrays;
  /** Seed of untrained weights. */
  readonly seed: number;
}

/** Fields of tables of any size, for callers that have no data block: `features`, `labels` (indicators) and `queries`. */
export const anyTable: readonly Field[] = (
  [
    ['features', 'row', 'feature'],
    ['labels', 'row', 'class'],
    ['queries', 'query', 'feature'],
  ] as const
).map(([name, ...axes]) => ({
  name,
  type: { representation: { kind: 'scalar' }, axes: axes.map((index) => ({ index })) },
}));

/**
 * Weights go to the device when a precision is first used. Both precisions run the same float32 numbers.
 * @throws Fault `model/…` for options or fields that make no network, or weights of another one.
 */
export function openEquiTabPfn(
  request: TableModelRequest,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Model {
  return openTableModel('EquiTabPFN', request, runtimes);
}

/** The network that EquiTabPFN is compared with. Throws like {@link openEquiTabPfn}. */
export function openTabPfn(
  request: TableModelRequest,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Model {
  return openTableModel('TabPFN', request, runtimes);
}

function openTableModel(
  family: Network['kind'],
  request: TableModelRequest,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Model {
  const specification = specificationOf(family, request.options, request.fields);
  const { title, network } = specification;
  const signature = tableSignature(specification.fields);
  const { name } = signature.outputs[0]!;
  const specs = specsOf(specification);
  const shapes = new Map(specs.map(({ name: weight, shape }) => [weight, shape]));
  const weights =
    request.weights === undefined
      ? drawWeights(specs, randomFromSeed(request.seed).stream(family))
      : readWeights(request.weights, { shapes, isUnused: () => false });
  const onDevice = weightsOnDevice(title, runtimes);

  return {
    title,
    signature,
    parameterCount: weightCount(specs),
    backend: runtimes.float32.backend.description,
    precisions: ['float32', 'float64'],
    trainable: async () => tableTrainable(specification, weights, runtimes.float32),
    async evaluate(batch, precision) {
      const device = onDevice.of(precision, weights);
      const runtime = runtimes[precision];
      for (const values of batch) checkedSizes(specification, values);
      const tables = batch.map((values) => hostTable(specification, values));
      const results: Values[] = Array(batch.length);
      const put = (index: number, scores: Float64Array): void => {
        const { queries, classes } = tables[index]!;
        results[index] = { [name]: real([queries, classes], scores) };
      };
      for (const group of groupsOf(specification, tables, precision)) {
        const own = group.map((index) => tables[index]!);
        if (network.kind === 'EquiTabPFN' && isLarge(specification, own[0]!, precision)) {
          for (const index of group) {
            put(index, await streamedLogits(runtime, network.config, device, tables[index]!));
          }
          continue;
        }
        const logits = runtime.tf.tidy(() => logitsOf(runtime, specification, device, own));
        const { data } = await runtime.array(logits);
        logits.dispose();
        const length = own[0]!.queries * own[0]!.classes;
        group.forEach((index, i) => {
          put(index, (data as Float64Array).slice(i * length, (i + 1) * length));
        });
      }
      return results;
    },
    dispose: onDevice.dispose,
  };
}
