/** One layer of the field: what each node makes of its own state, and what it hears through the graph. */
import type { MapSum } from '../../kernel/equivariant-product/index.ts';
import { rmsNorm } from '../../kernel/rms-norm/index.ts';
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { FieldConfig } from './config.ts';
import { termsOf } from './maps.ts';
import { coefficientsOf, mixingOf } from './mixing.ts';

/** Messages [B, n, d] to what arrives, [B, n, d]. */
export type Transport = (messages: Tensor) => Tensor;

export type Probe = (name: string, value: Tensor) => void;

/**
 * H -> RMS norm with scale and shift -> linear = M; the result is M + F M.
 * @param prefix of `norm.weight`, `norm.bias`, `linear.weight`, `linear.bias`
 * @param x [B, n, in]
 * @returns [B, n, out]
 */
export function messageLayer(
  runtime: Runtime,
  weights: DeviceWeights,
  prefix: string,
  x: Tensor,
  transport: Transport,
  probe?: Probe,
): Tensor {
  const { tf } = runtime;
  const at = (name: string): Tensor => weights[`${prefix}.${name}`]!;
  const scaled = rmsNorm(runtime, x, { weight: at('norm.weight'), epsilon: 1e-5 });
  const normal = tf.add(scaled, at('norm.bias'));
  probe?.('after_norm', normal);
  const messages = linear(runtime, normal, at('linear.weight'), at('linear.bias'));
  probe?.('after_linear', messages);
  return tf.add(messages, transport(messages));
}

/** The learnt fusion of a layer. @param prefix of its parameters, with the point */
export function layerMixing(
  runtime: Runtime,
  { basis, maps, biases }: Pick<FieldConfig, 'basis' | 'maps' | 'biases'>,
  weights: DeviceWeights,
  prefix: string,
): MapSum {
  const terms = termsOf(basis, maps);
  const parameters = terms.map(({ name }) => weights[`${prefix}${name}`]!);
  return mixingOf(
    runtime,
    coefficientsOf(runtime, terms, parameters, biases ? weights[`${prefix}biases`] : undefined),
  );
}

/**
 * The parent's fusion: (F1 A + F2 A') M, as F1 (A M) + F2 (A' M), which needs no product of two n x n matrices.
 * @param value A, [B, n, n] @param derivative A', [B, n, n]
 * @param first F1, [n, n] @param second F2, [n, n]
 */
export function premultiplied(
  { tf }: Runtime,
  { value, derivative }: { readonly value: Tensor; readonly derivative: Tensor },
  first: Tensor,
  second: Tensor,
): Transport {
  const left = (factor: Tensor, x: Tensor): Tensor => {
    const [batch, nodes, channels] = x.shape as [number, number, number];
    const wide = tf.reshape(tf.transpose(x, [1, 0, 2]), [nodes, batch * channels]);
    return tf.transpose(tf.reshape(tf.matMul(factor, wide), [nodes, batch, channels]), [1, 0, 2]);
  };
  return (messages) =>
    tf.add(left(first, tf.matMul(value, messages)), left(second, tf.matMul(derivative, messages)));
}
