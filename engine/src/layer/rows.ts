/** Gathering and summing rows by host indices: graphs are built on the host, features live on the device. */
import { gatherRows, segmentMax, segmentMean, segmentSoftmax, segmentSum } from '../kernel/index.ts';
import { integer } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/** Row e of the result is row indices[e] of x. @param x [n, ...rest] @returns [indices, ...rest] */
export function rowsAt(runtime: Runtime, x: Tensor, indices: Int32Array): Tensor {
  return gatherRows(runtime, x, ids(runtime, indices));
}

/** Row r of the result is the sum of the rows e of x with targets[e] = r. @param x [targets, ...rest] @returns [count, ...rest] */
export function sumOfRows(runtime: Runtime, x: Tensor, targets: Int32Array, count: number): Tensor {
  return segmentSum(runtime, x, ids(runtime, targets), count);
}

/** Row r of the result is the mean of the rows e of x with targets[e] = r, zero without any. @param x [targets, ...rest] @returns [count, ...rest] */
export function meanOfRows(runtime: Runtime, x: Tensor, targets: Int32Array, count: number): Tensor {
  return segmentMean(runtime, x, ids(runtime, targets), count);
}

/** Row r of the result is the largest of the rows e of x with targets[e] = r, entry by entry, zero without any. @param x [targets, ...rest] @returns [count, ...rest] */
export function maxOfRows(runtime: Runtime, x: Tensor, targets: Int32Array, count: number): Tensor {
  return segmentMax(runtime, x, ids(runtime, targets), count);
}

/** exp(x) over its sum over the rows with the same target, entry by entry. @param x [targets, ...rest] @returns [targets, ...rest] */
export function softmaxOfRows(runtime: Runtime, x: Tensor, targets: Int32Array, count: number): Tensor {
  return segmentSoftmax(runtime, x, ids(runtime, targets), count);
}

function ids(runtime: Runtime, indices: Int32Array): Tensor {
  return runtime.tensor(integer([indices.length], indices));
}
