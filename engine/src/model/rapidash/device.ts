/** Uploads: weights and batches. */
import type { NdArray } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { WeightArrays } from '../weights.ts';
import type { HostClouds } from './batch.ts';
import type { Weights } from './block.ts';
import type { Clouds } from './net.ts';

/** The caller disposes of them, or calls inside tf.tidy. */
export function deviceWeights(runtime: Runtime, weights: WeightArrays): Weights {
  return Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, runtime.tensor(array)]));
}

/** The caller disposes of them, or calls inside tf.tidy. */
export function deviceClouds(runtime: Runtime, clouds: HostClouds, edgeAttributes?: NdArray): Clouds {
  const upload = (array: NdArray | undefined): Tensor | undefined => array && runtime.tensor(array);
  return {
    positions: runtime.tensor(clouds.positions),
    scalars: upload(clouds.scalars),
    vectors: upload(clouds.vectors),
    condition: upload(clouds.condition),
    edgeAttributes: upload(edgeAttributes),
  };
}
