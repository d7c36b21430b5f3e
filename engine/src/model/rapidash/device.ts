/** Uploads of batches. */
import type { NdArray } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { HostClouds } from './batch.ts';
import type { Clouds } from './net.ts';

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
