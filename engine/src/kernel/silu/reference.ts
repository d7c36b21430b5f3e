/** SiLU in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ActivationAttributes } from '../gelu/reference.ts';

/**
 * y = u / (1 + exp(-u)), u = x + bias (Elfwing et al. 2018).
 * @param inputs x `[..., C]`; bias `[C]` if there is one
 * @returns `[..., C]`
 */
export function siluReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, bias]: readonly Tensor[],
  { hasBias }: ActivationAttributes,
): Tensor {
  const u = hasBias ? tf.add(x!, bias!) : x!;
  return tf.mul(u, tf.sigmoid(u));
}
