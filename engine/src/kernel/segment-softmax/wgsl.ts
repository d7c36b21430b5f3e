/**
 * Softmax over the rows of each segment on the GPU. A workgroup takes a segment and passes over its rows three times:
 * maximum, sum, result; after the first time they lie in the cache.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, release, runProgram } from '../../tensor/gpu/program.ts';
import { segmentRows } from '../../tensor/gpu/segments.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { rowsAndWidth } from '../segments.ts';

const threads = 64;

/** Columns that a workgroup takes side by side; the threads left over share the rows. */
const tileOf = (width: number) => Math.min(threads, 2 ** Math.ceil(Math.log2(Math.max(width, 1))));

const start = (tile: number) => ({
  declarations: `
const tile = ${tile};
var<workgroup> partial: array<f32, threads>;
fn total(lane: i32, mine: f32, largest: bool) -> f32 {
  workgroupBarrier();
  partial[lane] = mine;
  for (var stride = threads / 2; stride >= tile; stride /= 2) {
    workgroupBarrier();
    if (lane < stride) {
      let other = partial[lane + stride];
      partial[lane] = select(partial[lane] + other, max(partial[lane], other), largest);
    }
  }
  workgroupBarrier();
  return partial[lane % tile];
}`,
  body: `
  let tiles = (params.width + tile - 1) / tile;
  let segment = group / tiles;
  let c = (group % tiles) * tile + lane % tile;
  let first = offsets[segment] + lane / tile;
  // A column outside has no rows.
  let last = select(0, offsets[segment + 1], c < params.width);
  let step = threads / tile;`,
});

function forwardProgram(tile: number): Program {
  const { declarations, body } = start(tile);
  return {
    name: 'segment softmax',
    inputs: { offsets: 'i32', order: 'i32', x: 'f32' },
    outputs: { result: 'f32' },
    params: { width: 'i' },
    threads,
    declarations,
    body: `${body}
  var top = -3.4e38;
  for (var p = first; p < last; p += step) { top = max(top, x[order[p] * params.width + c]); }
  top = total(lane, top, true);
  var sum = 0.0;
  for (var p = first; p < last; p += step) { sum += exp(x[order[p] * params.width + c] - top); }
  sum = total(lane, sum, false);
  for (var p = first; p < last; p += step) {
    let at = order[p] * params.width + c;
    result[at] = exp(x[at] - top) / sum;
  }`,
  };
}

function gradientProgram(tile: number): Program {
  const { declarations, body } = start(tile);
  return {
    name: 'segment softmax: gradient',
    inputs: { offsets: 'i32', order: 'i32', y: 'f32', dy: 'f32' },
    outputs: { result: 'f32' },
    params: { width: 'i' },
    threads,
    declarations,
    body: `${body}
  var sum = 0.0;
  for (var p = first; p < last; p += step) {
    let at = order[p] * params.width + c;
    sum += y[at] * dy[at];
  }
  sum = total(lane, sum, false);
  for (var p = first; p < last; p += step) {
    let at = order[p] * params.width + c;
    result[at] = y[at] * (dy[at] - sum);
  }`,
  };
}

const zeros: Program = {
  name: 'segment softmax: zeros',
  inputs: {},
  outputs: { result: 'f32' },
  params: { size: 'i' },
  threads,
  body: 'if (index < params.size) { result[index] = 0.0; }',
};

/** softmax of x `[m, ...rest]` over the rows of each of `count` segments; zero for rows in none. `[m, ...rest]`. */
export function segmentSoftmaxForward(
  backend: unknown,
  x: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  return run(backend, forwardProgram, [x], segments, count);
}

/** The gradient of x, from the result y and dy `[m, ...rest]`. */
export function segmentSoftmaxGradient(
  backend: unknown,
  y: TensorInfo,
  dy: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  return run(backend, gradientProgram, [y, dy], segments, count);
}

function run(
  backend: unknown,
  program: (tile: number) => Program,
  inputs: readonly TensorInfo[],
  segments: TensorInfo,
  count: number,
): TensorInfo {
  const { shape } = inputs[0]!;
  const { rows, width } = rowsAndWidth(inputs[0]!);
  const { offsets, order } = segmentRows(backend, segments, count);
  const tile = tileOf(width);
  const size = rows * width;
  // Rows in no segment are written by nobody else.
  const [result] = runProgram(backend, zeros, {
    inputs: [],
    outputs: [{ shape, dtype: 'float32' }],
    params: [size],
    groups: Math.ceil(size / threads),
  });
  runProgram(backend, program(tile), {
    inputs: [offsets, order, ...inputs],
    outputs: [result!],
    params: [width],
    groups: count * Math.ceil(width / tile),
  });
  release(backend, [offsets, order]);
  return result!;
}

/** `NoetherSegmentSoftmax` of [x, segments] with `count`; `NoetherSegmentSoftmaxGradient` of [y, dy, segments] with `count`. */
export const segmentSoftmaxOnWebgpu = onWebgpu<{ count: number }>({
  NoetherSegmentSoftmax: (backend, [x, segments], { count }) =>
    segmentSoftmaxForward(backend, x!, segments!, count),
  NoetherSegmentSoftmaxGradient: (backend, [y, dy, segments], { count }) =>
    segmentSoftmaxGradient(backend, y!, dy!, segments!, count),
});
