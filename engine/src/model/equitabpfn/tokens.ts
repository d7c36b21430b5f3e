/** From tables to tokens: one for the covariates of a row, one for each of its classes. */
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { DeviceTables } from '../table-network.ts';

/**
 * A linear map of the values and of the codes. Features beyond those given count as 0, so their weights are left out.
 * @param values [..., p]
 * @returns [..., d]
 * @throws RangeError for more features than the weights have columns
 */
export function featureTokens(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  values: Tensor,
  codes?: Tensor,
): Tensor {
  const { tf } = runtime;
  const weight = weights[`${prefix}weight`]!;
  const [d, columns] = [weight.shape[0]!, weight.shape[1]! / 2];
  const given = values.shape.at(-1)!;
  if (given > columns) throw new RangeError(`the encoder takes ${columns} features, not ${given}`);
  const own = (from: number): Tensor => tf.slice(weight, [0, from], [d, given]);
  const seen = linear(runtime, values, own(0), weights[`${prefix}bias`]);
  return codes ? tf.add(seen, linear(runtime, codes, own(columns))) : seen;
}

/** y V + b for each class. @param labels [..., q] @returns [..., q, d] */
export function labelTokens(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  labels: Tensor,
): Tensor {
  const { tf } = runtime;
  return linear(runtime, tf.expandDims(labels, -1), weights[`${prefix}weight`]!, weights[`${prefix}bias`]);
}

/** @returns [B, 1 + q, N + M, d]: slot 0 holds the covariates; queries have the learnt token in the slots of the classes. */
export function tokensOf(
  runtime: Runtime,
  weights: DeviceWeights,
  { values, codes, labels }: DeviceTables,
): Tensor {
  const { tf } = runtime;
  const [batch, rows] = values.shape as [number, number];
  const [, known, classes] = labels.shape as [number, number, number];
  const covariates = featureTokens(runtime, weights, 'encoder.layer.', values, codes);
  const told = labelTokens(runtime, weights, 'y_encoder.', tf.transpose(labels, [0, 2, 1]));
  const d = told.shape[3]!;
  const asked = tf.broadcastTo(weights.target_token!, [batch, classes, rows - known, d]);
  return tf.concat([tf.expandDims(covariates, 1), tf.concat([told, asked], 2)], 1);
}
