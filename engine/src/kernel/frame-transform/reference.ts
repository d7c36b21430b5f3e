/** Scalars and four-vectors in another frame, in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

export type FrameTransformAttributes = {
  /** Numbers at the start of each copy that no frame changes. */
  readonly scalars: number;
  /** Four-vectors behind them. */
  readonly vectors: number;
};

/**
 * y = x with L on every four-vector.
 * @param inputs x `[M, C, S + 4 V]`; frames L `[M, 4, 4]`
 * @returns the shape of x
 */
export function frameTransformReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, frames]: readonly Tensor[],
  { scalars, vectors }: FrameTransformAttributes,
): Tensor {
  const [rows, copies] = x!.shape as [number, number, number];
  const four = tf.reshape(tf.slice(x!, [0, 0, scalars], [rows, copies, 4 * vectors]), [rows, -1, 4]);
  const turned = tf.reshape(tf.matMul(four, frames!, false, true), [rows, copies, 4 * vectors]);
  return scalars === 0 ? turned : tf.concat([tf.slice(x!, [0, 0, 0], [rows, copies, scalars]), turned], 2);
}
