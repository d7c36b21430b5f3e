/** Calibration of a whole untrained network on one cloud. */
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { uploadWeights } from '../device-weights.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble, edgeAttributesOf } from './batch.ts';
import { calibratedKernels } from './calibrated-kernels.ts';
import { blockPlans } from './config.ts';
import { deviceClouds } from './device.ts';
import { forward } from './net.ts';
import type { RapidashSpecification } from './specification.ts';
import { topologyOf } from './topology.ts';
import { weightNames } from './weights.ts';

/**
 * Rescales all kernels of a network as the official code does in its first training pass: every convolution is measured
 * as it stands, in one forward pass with the old kernels. The rescaled kernels are float32 numbers again.
 * @param runtime float64, so that the result does not depend on the backend
 */
export async function calibrate(
  runtime: Runtime,
  specification: RapidashSpecification,
  weights: WeightArrays,
  example: Values,
): Promise<WeightArrays> {
  const { tf } = runtime;
  const { config } = specification;
  const clouds = assemble(specification, [example]);
  const names = weightNames(config);
  const points = { dim: config.dim, data: clouds.positions.data };
  const topology = topologyOf(config, points, clouds.sizes);
  const edges = edgeAttributesOf(specification, [example], clouds, topology);
  const rescaled: [string, Tensor][] = [];
  tf.tidy(() => {
    const device = uploadWeights(runtime, weights);
    const seen = new Map<string, Tensor>();
    forward(runtime, config, device, deviceClouds(runtime, clouds, edges), topology, (name, value) => {
      seen.set(name, value);
    });
    for (const index of blockPlans(config).keys()) {
      const prefix = `${names.block(index)}.conv.`;
      const at = (name: string): Tensor | undefined => seen.get(`block_${index}.${name}`);
      const { kernel, fibreKernel } = calibratedKernels(runtime, device, prefix, {
        input: at('input')!,
        spatial: at('spatial')!,
        fibre: at('fibre'),
      });
      rescaled.push([`${prefix}kernel.weight`, tf.keep(kernel)]);
      if (fibreKernel) rescaled.push([`${prefix}fiber_kernel.weight`, tf.keep(fibreKernel)]);
    }
  });
  const result: Record<string, NdArray> = { ...weights };
  for (const [name, tensor] of rescaled) {
    const { shape, data } = await runtime.array(tensor);
    tensor.dispose();
    result[name] = real(shape, Float64Array.from(data, Math.fround));
  }
  return result;
}
