/** The network that EquiTabPFN is compared with, of the same parts: one token a row, a column of weights for each class. */
import { gelu } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { DeviceTables } from '../table-network.ts';
import type { BaselineConfig } from './config.ts';
import { encoderLayer } from './encoder-layer.ts';
import { featureTokens } from './tokens.ts';

/**
 * @returns logits [B, M, q]; call inside tf.tidy
 * @throws RangeError for more classes than there are weights for
 */
export function baselineLogits(
  runtime: Runtime,
  config: BaselineConfig,
  weights: DeviceWeights,
  { values, codes, labels }: DeviceTables,
): Tensor {
  const { tf } = runtime;
  const [batch, known, classes] = labels.shape as [number, number, number];
  if (classes > config.classes) {
    throw new RangeError(`the network has weights for ${config.classes} classes, not ${classes}`);
  }
  const rows = values.shape[1]!;
  const covariates = featureTokens(runtime, weights, 'encoder.layer.', values, codes);
  const own = tf.slice(weights['y_encoder.weight']!, [0, 0], [config.width, classes]);
  const told = linear(runtime, labels, own, weights['y_encoder.bias']);
  let x = tf.add(
    covariates,
    tf.pad(told, [
      [0, 0],
      [0, rows - known],
      [0, 0],
    ]),
  );
  for (let i = 0; i < config.layers; i++) {
    const split = { heads: config.heads, split: known, mask: 'ABq2Bk' } as const;
    x = encoderLayer(runtime, weights, `transformer_encoder.layers.${i}.`, x, split);
  }
  const queries = tf.slice(x, [0, known, 0], [batch, rows - known, config.width]);
  const hidden = gelu(
    runtime,
    linear(runtime, queries, weights['decoder.0.weight']!),
    weights['decoder.0.bias'],
  );
  const scores = linear(runtime, hidden, weights['decoder.2.weight']!, weights['decoder.2.bias']);
  return tf.slice(scores, [0, 0, 0], [batch, rows - known, classes]);
}
