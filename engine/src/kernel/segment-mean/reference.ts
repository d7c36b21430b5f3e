/** The mean of rows by segment in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * y[s, ...] = mean of x[i, ...] over segments[i] = s, zero without rows; a negative segment counts nowhere.
 * @param inputs x `[m, ...rest]`, segments `[m]` int32
 * @returns `[count, ...rest]`
 */
export function segmentMeanReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, segments]: readonly Tensor[],
  { count }: { readonly count: number },
): Tensor {
  const sums = tf.unsortedSegmentSum(x!, segments! as never, count);
  const sizes = tf.unsortedSegmentSum(tf.ones([x!.shape[0]!]), segments! as never, count);
  return tf.div(sums, tf.reshape(tf.maximum(sizes, 1), [count, ...x!.shape.slice(1).map(() => 1)]));
}
