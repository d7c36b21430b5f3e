/** Softmax over the rows of each segment in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { segmentTops } from '../segment-max/reference.ts';
import { isMember, ofSegment } from '../segments.ts';

/**
 * y[i, ...] = exp(x[i, ...]) / sum of exp(x[j, ...]) over segments[j] = segments[i]; zero for rows in no segment. The maximum of each
 * segment is taken off first.
 * @param inputs x `[m, ...rest]`, segments `[m]` int32
 * @returns `[m, ...rest]`
 */
export function segmentSoftmaxReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, segments]: readonly Tensor[],
  { count }: { readonly count: number },
): Tensor {
  const tops = ofSegment(tf, segmentTops(tf, x!, segments!, count), segments!);
  const member = isMember(tf, x!, segments!, count);
  // What is not chosen must be finite too: its gradient is multiplied by zero.
  const chosen = (a: Tensor, other: number): Tensor => tf.where(member, a, tf.fill(x!.shape, other));
  const weights = chosen(tf.exp(chosen(tf.sub(x!, tops), 0)), 0);
  const sums = ofSegment(tf, tf.unsortedSegmentSum(weights, segments! as never, count), segments!);
  return tf.div(weights, chosen(sums, 1));
}
