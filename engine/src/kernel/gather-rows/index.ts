/** Rows of a tensor by index: what a node sends along each of its edges. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';

/**
 * y[i, ...] = x[indices[i], ...], with the segment sum as gradient.
 *
 * @param x `[n, ...rest]`, any dtype
 * @param indices `[m]` int32, each in 0..n-1
 * @returns `[m, ...rest]`
 * @throws RangeError for a wrong rank or dtype, and on the host backends for an index out of range
 */
export function gatherRows(runtime: Runtime, x: Tensor, indices: Tensor): Tensor {
  if (x.rank < 1) throw new RangeError('gatherRows takes x of rank 1 or more, not a scalar');
  if (indices.rank !== 1 || indices.dtype !== 'int32') {
    throw new RangeError(`gatherRows takes indices [m] int32, not [${indices.shape}] ${indices.dtype}`);
  }
  return runtime.tf.gather(x, indices as never);
}

/** No arithmetic; m rows are read and written, and m indices read. Its gradient costs what a segment sum does. */
export function gatherRowsCost(m: number, width: number, precision: Precision): Cost {
  return { flops: 0, bytes: 2 * m * width * bytesOf[precision] + m * bytesOf.int32 };
}
