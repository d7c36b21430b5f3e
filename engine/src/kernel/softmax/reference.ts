/** Softmax in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** y = exp(x - max x) / sum exp(x - max x) over the last axis. @param inputs x `[..., C]` @returns `[..., C]` */
export function softmaxReference({ tf }: Pick<Runtime, 'tf'>, [x]: readonly Tensor[]): Tensor {
  return tf.softmax(x!);
}
