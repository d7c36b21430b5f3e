/** The largest row by segment in plain operations. */
import type { Runtime, Tensor, TensorLibrary } from '../../tensor/runtime.ts';
import { runKernel } from '../fused.ts';
import { isMember, ofSegment, wrongSegment } from '../segments.ts';

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

/** By the kernel where the backend has one (its memory may be elsewhere), else by a loop on the host. Not for a tape. */
function largest(tf: TensorLibrary, x: Tensor, segments: Tensor, count: number): Tensor {
  if (tf.getKernel('NoetherSegmentMax', tf.getBackend())) {
    return runKernel(tf, 'NoetherSegmentMax', [x, segments], { count });
  }
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, n) => product * n, 1);
  const y = new Float64Array(count * width).fill(Number.NEGATIVE_INFINITY);
  const rows = new Int32Array(count);
  const values = x.dataSync();
  segments.dataSync().forEach((segment, i) => {
    if (segment < 0) return;
    if (segment >= count) throw wrongSegment('segment max', segment, i, count);
    rows[segment]!++;
    // Math.max gives NaN where one of the two is.
    for (let k = 0; k < width; k++) {
      y[segment * width + k] = Math.max(y[segment * width + k]!, values[i * width + k]!);
    }
  });
  rows.forEach((size, s) => {
    if (size === 0) y.fill(0, s * width, (s + 1) * width);
  });
  return tf.tensor(y, [count, ...rest], 'float32');
}
