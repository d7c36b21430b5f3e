/** What the blocks of Rapidash compute, for finding the one that breaks a symmetry. */
import type { FieldType } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Layer } from '../model.ts';
import { assemble, checkedSize, edgeAttributesOf } from './batch.ts';
import type { Weights } from './block.ts';
import { deviceClouds } from './device.ts';
import { forward } from './net.ts';
import type { RapidashSpecification } from './specification.ts';
import { topologyOf } from './topology.ts';

const shown = /^(after_embedding|block_\d+_output)$/;

/**
 * `after_embedding` and `block_i_output`: [points, C], invariant scalars; with orientations their mean over the grid, which
 * is as invariant as the grid allows. Layers at coarser scales are left out, since their points are others.
 */
export async function rapidashLayers(
  specification: RapidashSpecification,
  runtime: Runtime,
  weights: Weights,
  batch: readonly Values[],
): Promise<Layer[]> {
  const found = new Map<string, NdArray[]>();
  for (const values of batch) {
    for (const [name, array] of await layersOf(specification, runtime, weights, values)) {
      found.set(name, [...(found.get(name) ?? []), array]);
    }
  }
  const { index } = specification.inputs;
  return [...found].map(([name, values]): Layer => {
    const type: FieldType = {
      representation: { kind: 'scalar' },
      axes: [{ index }, { size: values[0]!.shape[1]! }],
    };
    return { name, type, values };
  });
}

async function layersOf(
  specification: RapidashSpecification,
  runtime: Runtime,
  weights: Weights,
  values: Values,
): Promise<[string, NdArray][]> {
  const { config } = specification;
  const points = checkedSize(specification, values);
  const clouds = assemble(specification, [values]);
  const topology = topologyOf(config, { dim: config.dim, data: clouds.positions.data }, clouds.sizes);
  const edges = edgeAttributesOf(specification, [values], clouds, topology);
  const kept: [string, Tensor][] = [];
  const { tf } = runtime;
  tf.tidy(() => {
    const outputs = forward(
      runtime,
      config,
      weights,
      deviceClouds(runtime, clouds, edges),
      topology,
      (name, value) => {
        if (!shown.test(name) || value.shape[0] !== points) return;
        kept.push([name, tf.keep(value.rank === 3 ? tf.mean(value, 1) : tf.clone(value))]);
      },
    );
    return outputs as never;
  });
  try {
    const arrays: [string, NdArray][] = [];
    for (const [name, tensor] of kept) {
      const { shape, data } = await runtime.array(tensor);
      arrays.push([name, real(shape, data)]);
    }
    return arrays;
  } finally {
    tf.dispose(kept.map(([, tensor]) => tensor));
  }
}
