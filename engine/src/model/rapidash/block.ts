/** One ConvNext block: convolution, LayerNorm over channels, a widened MLP, the residual. */

import { gelu } from '../../layer/gelu.ts';
import { layerNorm, linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import { fibreConvolution, spatialConvolution } from './convolution.ts';
import type { Route } from './topology.ts';

/** Weights on the device, by official name. */
export type Weights = DeviceWeights;

/** Receives hidden features by name, inside the forward pass: clone or keep what must outlive it. */
export type Probe = (name: string, value: Tensor) => void;

/** What a convolution reads besides the features. */
export interface Kernels {
  /** See {@link spatialConvolution}. */
  readonly spatial: Tensor;
  /** [O, O, D]; absent without orientations. */
  readonly fibre?: Tensor | undefined;
  readonly route: Route;
  /** Numbers on the edges, [edges, A] or [edges, O, A]. */
  readonly edgeAttributes?: Tensor | undefined;
  readonly mixing?: boolean;
}

/**
 * Both steps and the bias.
 * @param x [senders, O, C], or [senders, C] without orientations
 * @param prefix of the weights' names, ending in a dot or empty: `layers.0.conv.`
 * @param probe sees `input`, `spatial` and `fibre`: what calibration needs, before the bias
 * @returns [receivers, O, C'] or [receivers, C]
 */
export function convolution(
  runtime: Runtime,
  x: Tensor,
  kernels: Kernels,
  weights: Weights,
  prefix: string,
  probe?: Probe,
): Tensor {
  const preLinear = weights[`${prefix}pre_linear.weight`];
  const edges =
    kernels.edgeAttributes && preLinear
      ? { attributes: kernels.edgeAttributes, weight: preLinear }
      : undefined;
  const kernel = weights[`${prefix}kernel.weight`]!;
  probe?.('input', x);
  const x1 = spatialConvolution(runtime, x, kernels.spatial, kernels.route, kernel, edges);
  probe?.('spatial', x1);
  let x2 = x1;
  if (kernels.fibre) {
    const fibreWeight = weights[`${prefix}fiber_kernel.weight`]!;
    x2 = fibreConvolution(runtime, x1, kernels.fibre, fibreWeight, kernels.mixing ?? false);
    probe?.('fibre', x2);
  }
  return runtime.tf.add(x2, weights[`${prefix}bias`]!);
}

/**
 * @param x [senders, O, C] or [senders, C]
 * @param prefix of the weights' names, ending in a dot or empty: `layers.0.`
 * @param probe sees what {@link convolution} shows, and `after_conv` and `after_norm`
 * @returns [receivers, O, C'] or [receivers, C']; x is added where the shapes agree
 */
export function block(
  runtime: Runtime,
  x: Tensor,
  kernels: Kernels,
  weights: Weights,
  prefix: string,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const weight = (name: string): Tensor => weights[`${prefix}${name}`]!;
  const convolved = convolution(runtime, x, kernels, weights, `${prefix}conv.`, probe);
  probe?.('after_conv', convolved);
  const normal = layerNorm(runtime, convolved, weight('norm.weight'), weight('norm.bias'));
  probe?.('after_norm', normal);
  const wide = gelu(runtime, linear(runtime, normal, weight('linear_1.weight'), weight('linear_1.bias')));
  let result = linear(runtime, wide, weight('linear_2.weight'), weight('linear_2.bias'));
  const scale = weights[`${prefix}layer_scale`];
  if (scale) result = tf.mul(result, scale);
  return tf.util.arraysEqual(result.shape, x.shape) ? tf.add(result, x) : result;
}
