/** The denoiser as training sees it. */
import { rowsAt, sumOfRows } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Trainable } from '../trainable.ts';
import { denoiserSignature } from './description.ts';
import { knownPart, type Noisy, noisyOf } from './scaling.ts';
import { type DenoiserSpecification, denoisingOf } from './specification.ts';

/** @param network the Rapidash inside */
export function denoiserTrainable(specification: DenoiserSpecification, network: Trainable): Trainable {
  const { dim } = specification.network.config;
  return {
    ...network,
    title: `${network.title}, denoising`,
    signature: denoiserSignature(specification),
    denoising: denoisingOf(specification),
    chunks: (batch) => network.chunks(batch.map((values) => noisyOf(specification, values).input)),
    prepare(batch) {
      const noisy = batch.map((values) => noisyOf(specification, values));
      const forward = network.prepare(noisy.map(({ input }) => input));
      return (weights) => {
        const { vectors } = forward(weights);
        return { denoised: denoised(network.runtime, noisy, vectors!, dim) };
      };
    },
  };
}

/** centroid + skip x + out (in x - (v - mean v)). @param vectors v, [points, 1, dim] @returns [points, dim] */
function denoised(runtime: Runtime, noisy: readonly Noisy[], vectors: Tensor, dim: number): Tensor {
  const { tf } = runtime;
  const sizes = noisy.map(({ positions }) => positions.length / dim);
  const cloudOf = Int32Array.from(sizes.flatMap((size, cloud) => Array<number>(size).fill(cloud)));
  const column = (of: (cloud: number) => number): Tensor =>
    runtime.tensor(real([cloudOf.length, 1], Float64Array.from(cloudOf, of)));
  const known = Float64Array.from(noisy.flatMap((cloud) => [...knownPart(cloud)]));
  const v = tf.reshape(vectors, [cloudOf.length, dim]);
  const shares = tf.mul(
    v,
    column((cloud) => 1 / sizes[cloud]!),
  );
  const means = rowsAt(runtime, sumOfRows(runtime, shares, cloudOf, sizes.length), cloudOf);
  const taken = tf.mul(
    tf.sub(v, means),
    column((cloud) => noisy[cloud]!.scaling.out),
  );
  return tf.sub(runtime.tensor(real([cloudOf.length, dim], known)), taken);
}
