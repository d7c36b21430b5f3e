/**
 * The sparse tensor product on the GPU: one thread for each number of the result, over the couplings that reach it. The
 * product is linear in x, y and the couplings' third index alike, so the gradient of x is the same program with the
 * roles of the indices exchanged.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, type RecordingBackend, release, runProgram } from '../../tensor/gpu/program.ts';
import { onWebgpu } from '../on-webgpu.ts';
import type { Coupling } from './reference.ts';

/** Couplings that are not zero: target[p] receives value[p] times component left[p] of one and right[p] of the other. */
export interface Couplings {
  readonly target: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly value: readonly number[];
}

const threads = 64;

/** The couplings of target t are `pairs` and `values` from starts[t] to starts[t + 1]. */
const inputs = { left: 'f32', right: 'f32', starts: 'i32', pairs: 'i32', values: 'f32' } as const;

const product: Program = {
  name: 'tensor product',
  inputs,
  outputs: { result: 'f32' },
  params: { rows: 'i', channels: 'i', leftSize: 'i', rightSize: 'i', size: 'i' },
  threads,
  body: `
  if (index >= params.rows * params.channels * params.size) { return; }
  let t = index % params.size;
  let channel = index / params.size;
  let leftRow = channel * params.leftSize;
  let rightRow = (channel / params.channels) * params.rightSize;
  var sum = 0.0;
  for (var p = starts[t]; p < starts[t + 1]; p++) {
    sum += values[p] * left[leftRow + pairs[2 * p]] * right[rightRow + pairs[2 * p + 1]];
  }
  result[index] = sum;`,
};

/** The gradient of the operand without channels adds over them. */
const contraction: Program = {
  name: 'tensor product: contraction over channels',
  inputs,
  outputs: { result: 'f32' },
  params: { rows: 'i', channels: 'i', leftSize: 'i', rightSize: 'i', size: 'i' },
  threads,
  body: `
  if (index >= params.rows * params.size) { return; }
  let t = index % params.size;
  let firstChannel = (index / params.size) * params.channels;
  var sum = 0.0;
  for (var channel = firstChannel; channel < firstChannel + params.channels; channel++) {
    for (var p = starts[t]; p < starts[t + 1]; p++) {
      sum += values[p] * left[channel * params.leftSize + pairs[2 * p]] * right[channel * params.rightSize + pairs[2 * p + 1]];
    }
  }
  result[index] = sum;`,
};

/**
 * z[n, u, t] = sum over p with target[p] = t of value[p] a[n, u, left[p]] b[n, right[p]].
 * @param a `[n, U, A]`
 * @param b `[n, B]`
 * @param size number of targets
 * @returns `[n, U, size]`
 */
export function tensorProductForward(
  backend: unknown,
  a: TensorInfo,
  b: TensorInfo,
  couplings: Couplings,
  size: number,
): TensorInfo {
  const [rows, channels, leftSize] = a.shape as [number, number, number];
  const shape = [rows, channels, size];
  return run(backend, product, a, b, couplings, shape, [rows, channels, leftSize, b.shape[1]!, size]);
}

/**
 * z[n, t] = sum over channels u and over p with target[p] = t of value[p] a[n, u, left[p]] b[n, u, right[p]].
 * @param a `[n, U, A]`
 * @param b `[n, U, B]`
 * @returns `[n, size]`
 */
export function tensorContraction(
  backend: unknown,
  a: TensorInfo,
  b: TensorInfo,
  couplings: Couplings,
  size: number,
): TensorInfo {
  const [rows, channels, leftSize] = a.shape as [number, number, number];
  return run(
    backend,
    contraction,
    a,
    b,
    couplings,
    [rows, size],
    [rows, channels, leftSize, b.shape[2]!, size],
  );
}

function run(
  backend: unknown,
  program: Program,
  a: TensorInfo,
  b: TensorInfo,
  { target, left, right, value }: Couplings,
  shape: number[],
  params: number[],
): TensorInfo {
  const size = shape.at(-1)!;
  const byTarget = target.map((_, p) => p).sort((p, q) => target[p]! - target[q]!);
  const starts = new Int32Array(size + 1);
  for (const t of target) starts[t + 1]!++;
  for (let t = 0; t < size; t++) starts[t + 1]! += starts[t]!;
  const gpu = backend as RecordingBackend;
  const tables = [
    gpu.makeTensorInfo([size + 1], 'int32', starts),
    gpu.makeTensorInfo(
      [2 * target.length],
      'int32',
      Int32Array.from(byTarget.flatMap((p) => [left[p]!, right[p]!])),
    ),
    gpu.makeTensorInfo([target.length], 'float32', Float32Array.from(byTarget.map((p) => value[p]!))),
  ];
  const count = shape.reduce((product, n) => product * n, 1);
  const [result] = runProgram(backend, program, {
    inputs: [a, b, ...tables],
    outputs: [{ shape, dtype: 'float32' }],
    params,
    groups: Math.ceil(count / threads),
  });
  release(backend, tables);
  return result!;
}

/**
 * `NoetherTensorProduct` of [x, y]; `NoetherTensorProductLeftGradient` of [dz, y] and `NoetherTensorProductRightGradient`
 * of [dz, x], with the same coupling and `width`, the number of components of the operand.
 */
export const tensorProductOnWebgpu = onWebgpu<Coupling & { width: number }>({
  NoetherTensorProduct: (backend, [x, y], { i, j, k, value, size }) =>
    tensorProductForward(backend, x!, y!, { target: k, left: i, right: j, value }, size),
  NoetherTensorProductLeftGradient: (backend, [dz, y], { i, j, k, value, width }) =>
    tensorProductForward(backend, dz!, y!, { target: i, left: k, right: j, value }, width),
  NoetherTensorProductRightGradient: (backend, [dz, x], { i, j, k, value, width }) =>
    tensorContraction(backend, dz!, x!, { target: j, left: k, right: i, value }, width),
});
