/** Normalisation by the root mean square, in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Whether a weight follows x, and what is added to the mean square. */
export type RmsNormAttributes = { readonly hasWeight: boolean; readonly epsilon: number };

/**
 * y = x / sqrt(mean x^2 + epsilon) * weight over the last axis (Zhang & Sennrich 2019).
 * @param inputs x `[..., C]`; weight `[C]` if there is one
 * @returns `[..., C]`
 */
export function rmsNormReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, weight]: readonly Tensor[],
  { hasWeight, epsilon }: RmsNormAttributes,
): Tensor {
  const normal = tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), -1, true), epsilon)));
  return hasWeight ? tf.mul(normal, weight!) : normal;
}
