/**
 * The library's segment sum, replaced on webgpu: its own adds with atomics, so that a sum of floats differs in its last
 * digits from run to run; it takes a segment number past the last one modulo their count, and adds the bits of integers as if
 * they were floats.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { release } from './program.ts';
import { type Column, type Reduction, reduceSegments, segmentRows } from './segments.ts';

const sum = (column: Column): Reduction => ({
  name: 'segment sum',
  inputs: { x: column },
  term: 'x[row * params.width + c]',
});

/** y[s, ...] = sum of the rows x[i, ...] with segments[i] = s, in rising order of i: `[m, ...rest]` to `[count, ...rest]`. */
export function segmentSumOnGpu(
  backend: unknown,
  x: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, n) => product * n, 1);
  const column = x.dtype === 'int32' ? 'i32' : width % 4 === 0 ? 'vec4f' : 'f32';
  const rows = segmentRows(backend, segments, count);
  const result = reduceSegments(backend, sum(column), rows, [x], { count, width, column });
  release(backend, [rows.offsets, rows.order]);
  return { ...result, shape: [count, ...rest] };
}

interface Arguments {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo };
  readonly backend: unknown;
  readonly attrs: { readonly numSegments: number };
}

/** Under this name the library's own kernel stays, to be measured against. */
export const upstreamSegmentSum = 'UpstreamUnsortedSegmentSum';

/** Puts this sum in the place of the library's; twice changes nothing. */
export function replaceSegmentSum(tf: TensorLibrary): void {
  if (tf.getKernel(upstreamSegmentSum, 'webgpu')) return;
  const { kernelFunc } = tf.getKernel('UnsortedSegmentSum', 'webgpu');
  tf.registerKernel({ kernelName: upstreamSegmentSum, backendName: 'webgpu', kernelFunc });
  tf.unregisterKernel('UnsortedSegmentSum', 'webgpu');
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'webgpu',
    kernelFunc: (({ inputs, backend, attrs }: Arguments) =>
      segmentSumOnGpu(backend, inputs.x, inputs.segmentIds, attrs.numSegments)) as never,
  });
}
