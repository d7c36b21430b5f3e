/** The two steps of the separable group convolution (Rapidash, section 2.4) in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * The step over space: y[r, o, c] = sum over edges e with receivers[e] = r of x[senders[e], o, c] sum_d K[c, d] b[e, o, d].
 * @param inputs x `[n, O, C]`; basis b `[E, O, D]`; weight K `[C, D]`; senders `[E]` and receivers `[E]` int32
 * @returns `[count, O, C]`
 */
export function spatialStepReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, basis, weight, senders, receivers]: readonly Tensor[],
  { count }: { readonly count: number },
): Tensor {
  const [edges, orientations, width] = basis!.shape as [number, number, number];
  const channels = weight!.shape[0]!;
  const rows = tf.matMul(tf.reshape(basis!, [edges * orientations, width]), tf.transpose(weight!));
  const kernel = tf.reshape(rows, [edges, orientations * channels]);
  const sent = tf.gather(tf.reshape(x!, [-1, orientations * channels]), senders! as never);
  const sums = tf.unsortedSegmentSum(tf.mul(sent, kernel), receivers! as never, count);
  return tf.reshape(sums, [count, orientations, channels]);
}

/**
 * The step over orientations: y[i, p, c] = sum over o of x[i, o, c] k[p, o, c].
 * @param inputs x `[n, O, C]`; kernel k `[P, O, C]`
 * @returns `[n, P, C]`
 */
export function fibreStepReference({ tf }: Pick<Runtime, 'tf'>, [x, kernel]: readonly Tensor[]): Tensor {
  // One product of (points x O) with (O x P) for each channel.
  const perChannel = tf.matMul(tf.transpose(x!, [2, 0, 1]), tf.transpose(kernel!, [2, 1, 0]));
  return tf.transpose(perChannel, [1, 2, 0]);
}
