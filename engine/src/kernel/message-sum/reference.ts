/** Message passing in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * y[r, c] = sum over edges e with receivers[e] = r of x[senders[e], c] w[e, c].
 * Edges with a negative receiver are left out; their sender must be a row of x nevertheless.
 * @param inputs x `[n, C]`; w `[E, C]`, or `[E, 1]` for one weight an edge; senders `[E]` and receivers `[E]` int32
 * @returns `[count, C]`
 */
export function messageSumReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, weights, senders, receivers]: readonly Tensor[],
  { count }: { readonly count: number },
): Tensor {
  const messages = tf.mul(tf.gather(x!, senders! as never), weights!);
  return tf.unsortedSegmentSum(messages, receivers! as never, count);
}
