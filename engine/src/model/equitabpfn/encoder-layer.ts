/** The encoder layer that everything is made of: attention and a perceptron, each followed by its norm. */
import { gelu, layerNorm } from '../../kernel/index.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import { maskedAttention, type Split } from './masked-attention.ts';

/** Sees values inside a network by their name. */
export type Probe = (name: string, value: Tensor) => void;

/**
 * h = norm1(x + attention(x)); norm2(h + W2 gelu(W1 h + b1) + b2), epsilon 1e-5. What is made on the way is freed at once where nobody
 * watches and no gradient is wanted.
 * @param x [n, length, d]
 * @returns [n, length, d]
 */
export function encoderLayer(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  split: Split,
  probe?: Probe,
): Tensor {
  const run = (): Tensor => {
    const attended = maskedAttention(runtime, weights, `${prefix}self_attn.`, x, split);
    probe?.('attention_output', attended);
    return afterAttention(runtime, weights, prefix, x, attended, probe);
  };
  return probe ? run() : runtime.tf.tidy(run);
}

/** The layer behind its attention. @param attended [n, length, d] */
export function afterAttention(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  attended: Tensor,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const normed = (y: Tensor, name: string): Tensor =>
    layerNorm(runtime, y, {
      weight: weights[`${prefix}${name}.weight`]!,
      bias: weights[`${prefix}${name}.bias`]!,
    });
  const h = normed(tf.add(x, attended), 'norm1');
  probe?.('after_norm1', h);
  const wide = linear(runtime, h, weights[`${prefix}linear1.weight`]!);
  const inner = gelu(runtime, wide, weights[`${prefix}linear1.bias`]);
  const fed = linear(runtime, inner, weights[`${prefix}linear2.weight`]!, weights[`${prefix}linear2.bias`]);
  return normed(tf.add(h, fed), 'norm2');
}
