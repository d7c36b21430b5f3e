/** Gathering and summing rows by host indices: graphs are built on the host, features live on the device. */
import { gatherRows, segmentSum } from '../kernel/index.ts';
import { integer } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/** Row e of the result is row indices[e] of x. @param x [n, ...rest] @returns [indices, ...rest] */
export function rowsAt(runtime: Runtime, x: Tensor, indices: Int32Array): Tensor {
  return gatherRows(runtime, x, runtime.tensor(integer([indices.length], indices)));
}

/** Row r of the result is the sum of the rows e of x with targets[e] = r. @param x [targets, ...rest] @returns [count, ...rest] */
export function sumOfRows(runtime: Runtime, x: Tensor, targets: Int32Array, count: number): Tensor {
  return segmentSum(runtime, x, runtime.tensor(integer([targets.length], targets)), count);
}
