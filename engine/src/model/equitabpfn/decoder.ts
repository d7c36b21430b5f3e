/** The decoder: training labels, weighted by how alike the rows are, and a perceptron shared by all classes. */
import { attention, gelu, layerNorm } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';

/** Of the perceptron's norm, on purpose: its input is a single number, whose scale a small epsilon would divide out. */
const epsilon = 1;

/**
 * softmax over the training rows of the product of flattened tokens / sqrt(their length), times the labels.
 * @param queries [B, M, e]
 * @param train [B, N, e]
 * @param labels [B, N, q]
 * @returns [B, M, q]; rows sum to 1 where every training row has a label
 */
export function attendedLabels(runtime: Runtime, queries: Tensor, train: Tensor, labels: Tensor): Tensor {
  return attention(runtime, queries, train, labels);
}

/** y + MLP(y) for each class by itself. @param attended [B, M, q] @param prefix of `0.weight`, `1.weight`, `4.weight` */
export function residual(runtime: Runtime, weights: DeviceWeights, prefix: string, attended: Tensor): Tensor {
  const { tf } = runtime;
  const inner = linear(
    runtime,
    tf.expandDims(attended, -1),
    weights[`${prefix}0.weight`]!,
    weights[`${prefix}0.bias`],
  );
  const normed = layerNorm(runtime, inner, {
    weight: weights[`${prefix}1.weight`]!,
    bias: weights[`${prefix}1.bias`]!,
    epsilon,
  });
  const added = linear(
    runtime,
    gelu(runtime, normed),
    weights[`${prefix}4.weight`]!,
    weights[`${prefix}4.bias`],
  );
  return tf.add(attended, tf.reshape(added, attended.shape));
}
