/** Means by segment on the GPU: sums of listed rows, divided where they end. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, release, runProgram } from '../../tensor/gpu/program.ts';
import { type Column, type Reduction, reduceSegments, segmentRows } from '../../tensor/gpu/segments.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { rowsAndWidth } from '../segments.ts';

const mean = (column: Column): Reduction => ({
  name: 'segment mean',
  inputs: { x: column },
  term: 'x[row * params.width + c]',
  finish: 'sum / f32(max(rows, 1))',
});

const threads = 64;

const gradient = (column: Column): Program => ({
  name: 'segment mean: gradient',
  inputs: { offsets: 'i32', segments: 'i32', dy: column },
  outputs: { result: column },
  params: { rows: 'i', width: 'i', count: 'i' },
  threads,
  body: `
  if (index >= params.rows * params.width) { return; }
  let segment = segments[index / params.width];
  if (segment < 0 || segment >= params.count) {
    result[index] = ${column}(0);
    return;
  }
  let rows = offsets[segment + 1] - offsets[segment];
  result[index] = dy[segment * params.width + index % params.width] / f32(rows);`,
});

/** The mean of the rows of each segment: x `[m, ...rest]` to `[count, ...rest]`; zero without rows. */
export function segmentMeanForward(
  backend: unknown,
  x: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  const { width } = rowsAndWidth(x);
  const column = width % 4 === 0 ? 'vec4f' : 'f32';
  const { offsets, order } = segmentRows(backend, segments, count);
  const result = reduceSegments(backend, mean(column), { offsets, order }, [x], { count, width, column });
  release(backend, [offsets, order]);
  return { ...result, shape: [count, ...x.shape.slice(1)] };
}

/** The gradient of x `[m, ...rest]`, from dy `[count, ...rest]`. */
export function segmentMeanGradient(
  backend: unknown,
  dy: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  const { width } = rowsAndWidth(dy);
  const rows = segments.shape[0]!;
  const column = width % 4 === 0 ? 'vec4f' : 'f32';
  const columns = column === 'vec4f' ? width / 4 : width;
  const { offsets, order } = segmentRows(backend, segments, count);
  const [result] = runProgram(backend, gradient(column), {
    inputs: [offsets, segments, dy],
    outputs: [{ shape: [rows, ...dy.shape.slice(1)], dtype: 'float32' }],
    params: [rows, columns, count],
    groups: Math.ceil((rows * columns) / threads),
  });
  release(backend, [offsets, order]);
  return result!;
}

/** `NoetherSegmentMean` of [x, segments] with `count`; `NoetherSegmentMeanGradient` of [dy, segments] with `count`. */
export const segmentMeanOnWebgpu = onWebgpu<{ count: number }>({
  NoetherSegmentMean: (backend, [x, segments], { count }) =>
    segmentMeanForward(backend, x!, segments!, count),
  NoetherSegmentMeanGradient: (backend, [dy, segments], { count }) =>
    segmentMeanGradient(backend, dy!, segments!, count),
});
