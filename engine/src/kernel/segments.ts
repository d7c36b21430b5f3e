/** What operations on rows by segment share: their checks, and rows of a segment's result brought back to its rows. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tensor, TensorLibrary } from '../tensor/runtime.ts';
import type { Simd } from '../tensor/simd/module.ts';

/**
 * Throws for what no segment operation takes.
 * @param name of the operation, for the message
 * @throws RangeError for segments of another rank, length or dtype, and for a count that is no positive integer
 */
export function checkSegments(name: string, x: Tensor, segments: Tensor, count: number): void {
  if (segments.rank !== 1 || segments.dtype !== 'int32' || segments.shape[0] !== x.shape[0]) {
    throw new RangeError(
      `${name} takes segments [m] int32 for x [m, ...], not [${segments.shape}] ${segments.dtype} for [${x.shape}]`,
    );
  }
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${name} takes count >= 1, not ${count}`);
}

/** Throws for what is not real. @throws RangeError for an integer or boolean x */
export function checkReal(name: string, x: Tensor): void {
  if (x.dtype !== 'float32') throw new RangeError(`${name} takes real numbers, not ${x.dtype}`);
}

/** A wasm kernel of x by segment; returns the place of the first segment that is not below `count`, or -1. Addresses, then sizes. */
type ForwardKernel = (
  x: number,
  segments: number,
  scratch: number,
  out: number,
  rows: number,
  count: number,
  width: number,
) => number;

/**
 * Runs one.
 * @param operation for the message
 * @param plan shape of the result, and bytes of scratch
 * @throws RangeError for a segment not below `count`
 */
export function runForward(
  simd: Simd,
  operation: string,
  kernel: ForwardKernel,
  [x, segments]: readonly [TensorInfo, TensorInfo],
  count: number,
  plan: { readonly shape: readonly number[]; readonly scratch: number },
): TensorInfo {
  const { rows, width } = rowsAndWidth(x);
  const out = simd.output([...plan.shape]);
  const wrong = simd.withScratch(plan.scratch, (scratch) =>
    kernel(simd.address(x), simd.address(segments), scratch, simd.address(out), rows, count, width),
  );
  if (wrong >= 0) {
    simd.dispose(out);
    const segment = simd.integers(segments)[wrong];
    throw new RangeError(`${operation}: segment ${segment} at position ${wrong} is not below ${count}`);
  }
  return out;
}

/** How a kernel sees x: rows of `width` numbers. */
export function rowsAndWidth({ shape }: TensorInfo): { rows: number; width: number } {
  const [rows = 0, ...rest] = shape;
  return { rows, width: rest.reduce((product, n) => product * n, 1) };
}

/** Where a row belongs to a segment, [m, 1, ...] of x's rank. */
export function isMember(tf: TensorLibrary, x: Tensor, segments: Tensor, count: number): Tensor {
  const member = tf.logicalAnd(tf.greaterEqual(segments, 0), tf.less(segments, count));
  return tf.reshape(member, [segments.size, ...x.shape.slice(1).map(() => 1)]);
}

/** y[segments[i], ...] for each row i; any row of y for one that belongs to no segment. */
export function ofSegment(tf: TensorLibrary, y: Tensor, segments: Tensor): Tensor {
  const near = tf.minimum(tf.maximum(segments, 0), y.shape[0]! - 1);
  return tf.gather(y, tf.cast(near, 'int32') as never);
}
