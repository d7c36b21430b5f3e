/** Layer normalisation in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Which of the optional inputs follow x, and what is added to the variance. */
export type LayerNormAttributes = {
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
  readonly epsilon: number;
};

/**
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis, with the biased variance (Ba et al. 2016).
 * @param inputs x `[..., C]`; weight `[C]` if there is one; bias `[C]` if there is one
 * @returns `[..., C]`
 */
export function layerNormReference(
  { tf }: Pick<Runtime, 'tf'>,
  inputs: readonly Tensor[],
  { hasWeight, hasBias, epsilon }: LayerNormAttributes,
): Tensor {
  const x = inputs[0]!;
  const weight = hasWeight ? inputs[1] : undefined;
  const bias = hasBias ? inputs.at(-1) : undefined;
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
  const scaled = weight ? tf.mul(normal, weight) : normal;
  return bias ? tf.add(scaled, bias) : scaled;
}
