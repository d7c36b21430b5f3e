/** Rapidash as training sees it. */
import type { Values } from '../../tensor/array.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { uploadWeights } from '../device-weights.ts';
import type { Trainable } from '../trainable.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble, checkedSize, edgeAttributesOf } from './batch.ts';
import { batchSize } from './cost.ts';
import { signatureOf } from './description.ts';
import { deviceClouds } from './device.ts';
import { groupsBySize } from './groups.ts';
import { forward } from './net.ts';
import type { RapidashSpecification } from './specification.ts';
import { topologyOf } from './topology.ts';
import { weightSpecs } from './weights.ts';

/** The orientation grid is a constant: it is stored with the weights and never changed. */
export function rapidashTrainable(
  specification: RapidashSpecification,
  weights: WeightArrays,
  runtime: Runtime,
): Trainable {
  const { config, title } = specification;
  const names = weightSpecs(config).map(({ name }) => name);
  const constants = Object.fromEntries(Object.entries(weights).filter(([name]) => !names.includes(name)));
  return {
    title,
    signature: signatureOf(specification),
    runtime,
    names,
    weights,
    chunks(batch) {
      const sizes = batch.map((values) => checkedSize(specification, values));
      return groupsBySize(sizes, (size) => batchSize(config, size, runtime.precision));
    },
    prepare(batch: readonly Values[]) {
      for (const values of batch) checkedSize(specification, values);
      const clouds = assemble(specification, batch);
      const topology = topologyOf(config, { dim: config.dim, data: clouds.positions.data }, clouds.sizes);
      const edges = edgeAttributesOf(specification, batch, clouds, topology);
      return (changing) => {
        const all = { ...uploadWeights(runtime, constants), ...changing };
        return { ...forward(runtime, config, all, deviceClouds(runtime, clouds, edges), topology) };
      };
    },
  };
}
