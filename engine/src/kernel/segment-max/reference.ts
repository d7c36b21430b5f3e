/** The largest row by segment in plain operations. */
import { segmentMaxLoop } from '../../tensor/fixes/rows.ts';
import type { Runtime, Tensor, TensorLibrary } from '../../tensor/runtime.ts';
import { runKernel } from '../fused.ts';
import { isMember, ofSegment } from '../segments.ts';

/**
 * y[s, ...] = max of x[i, ...] over segments[i] = s, entry by entry; zero without rows, NaN where one of them is NaN. Rows that
 * reach the maximum share its gradient.
 * @param inputs x `[m, ...rest]`, segments `[m]` int32
 * @returns `[count, ...rest]`
 */
export function segmentMaxReference(
  { tf }: Pick<Runtime, 'tf'>,
  [x, segments]: readonly Tensor[],
  { count }: { readonly count: number },
): Tensor {
  const of = tf.customGrad((given, save) => {
    const y = largest(tf, given as Tensor, segments!, count);
    const reaches = tf.logicalAnd(
      tf.equal(given as Tensor, ofSegment(tf, y, segments!)),
      isMember(tf, x!, segments!, count),
    );
    const ties = tf.cast(reaches, 'float32');
    // What the tape does not know of is kept by being saved.
    (save as (kept: Tensor[]) => void)([ties, segments!]);
    const gradFunc = (dy: Tensor, [shared, ids]: Tensor[]): Tensor => {
      const sizes = tf.unsortedSegmentSum(shared!, ids! as never, count);
      return tf.mul(ofSegment(tf, tf.div(dy, tf.maximum(sizes, 1)), ids!), shared!);
    };
    return { value: y, gradFunc: gradFunc as never };
  });
  return of(x!);
}

/** The same without a gradient: constants, for what does not depend on where they lie. */
export function segmentTops(tf: TensorLibrary, x: Tensor, segments: Tensor, count: number): Tensor {
  const of = tf.customGrad((given) => ({
    value: largest(tf, given as Tensor, segments, count),
    gradFunc: () => tf.zeros(x.shape),
  }));
  return of(x);
}

/** By the fastest kernel that the backend has. Not for a tape. */
function largest(tf: TensorLibrary, x: Tensor, segments: Tensor, count: number): Tensor {
  const backend = tf.getBackend();
  if (tf.getKernel('NoetherSegmentMax', backend)) {
    return runKernel(tf, 'NoetherSegmentMax', [x, segments], { count });
  }
  const inputs = { x, segmentIds: segments };
  if (tf.getKernel('UnsortedSegmentMax', backend)) {
    return tf.engine().runKernel('UnsortedSegmentMax', inputs, { numSegments: count }) as Tensor;
  }
  // TensorFlow's own library: its memory is in this process, so it can be read at once.
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, n) => product * n, 1);
  const y = new Float64Array(count * width);
  segmentMaxLoop(y, x.dataSync() as Float32Array, segments.dataSync() as Int32Array, { count, width });
  return tf.tensor(y, [count, ...rest], 'float32');
}
