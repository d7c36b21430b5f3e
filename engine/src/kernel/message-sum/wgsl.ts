/** Message passing on the GPU: senders' rows are multiplied and summed while they are read; no message is stored. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, release, runProgram } from '../../tensor/gpu/program.ts';
import { type Column, type Reduction, reduceSegments, segmentRows } from '../../tensor/gpu/segments.ts';
import { onWebgpu } from '../on-webgpu.ts';

/** The sum over an edge's receivers; a negative sender counts as a row of zeros, for the gradient's sake. */
function sum(column: Column, perEdge: boolean): Reduction {
  const weight = perEdge ? 'w[row]' : 'w[row * params.width + c]';
  return {
    name: 'message sum',
    inputs: { x: column, w: perEdge ? 'f32' : column, senders: 'i32' },
    term: `select(Value(0), x[senders[row] * params.width + c] * ${weight}, senders[row] >= 0)`,
  };
}

/**
 * y[r, c] = sum over edges e with receivers[e] = r of x[senders[e], c] w[e, c]. With senders and receivers exchanged it is
 * also the gradient of x.
 * @param x `[n, C]`
 * @param w `[E, C]` or `[E, 1]`
 * @param senders `[E]`, negative for a row of zeros
 * @param receivers `[E]`, outside 0..count-1 for no row
 * @returns `[count, C]`
 */
export function messageSumForward(
  backend: unknown,
  [x, w, senders, receivers]: readonly TensorInfo[],
  count: number,
): TensorInfo {
  const width = x!.shape[1]!;
  const perEdge = w!.shape[1] === 1 && width !== 1;
  const column = width % 4 === 0 ? 'vec4f' : 'f32';
  const rows = segmentRows(backend, receivers!, count);
  const result = reduceSegments(backend, sum(column, perEdge), rows, [x!, w!, senders!], {
    count,
    width,
    column,
  });
  release(backend, [rows.offsets, rows.order]);
  return result;
}

const threads = 64;

/** Each edge by `lanes` neighbouring threads, over its columns; for one weight an edge their products are added up. */
function weightGradientProgram(lanes: number, four: boolean, perEdge: boolean): Program {
  const element = four ? 'vec4f' : 'f32';
  const product = 'x[sender * params.width + c] * dy[receiver * params.width + c]';
  const add = four ? `dot(${product.replace(' * dy', ', dy')})` : product;
  return {
    name: 'message sum: gradient of weights',
    inputs: { x: element, dy: element, senders: 'i32', receivers: 'i32' },
    outputs: { dw: perEdge ? 'f32' : element },
    params: { edges: 'i', width: 'i', count: 'i' },
    threads,
    declarations: `const lanes = ${lanes};\n${perEdge ? 'var<workgroup> partial: array<f32, threads>;' : ''}`,
    body: `
  let edge = index / lanes;
  let part = index % lanes;
  let inside = edge < params.edges;
  let sender = senders[min(edge, params.edges - 1)];
  let receiver = receivers[min(edge, params.edges - 1)];
  let counts = receiver >= 0 && receiver < params.count;
${
  perEdge
    ? `
  var sum = 0.0;
  if (inside && counts) { for (var c = part; c < params.width; c += lanes) { sum += ${add}; } }
  partial[lane] = sum;
  for (var stride = lanes / 2; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (part < stride) { partial[lane] += partial[lane + stride]; }
  }
  if (inside && part == 0) { dw[edge] = partial[lane]; }`
    : `
  if (!inside) { return; }
  for (var c = part; c < params.width; c += lanes) {
    dw[edge * params.width + c] = ${four ? 'vec4f(0)' : '0.0'};
    if (counts) { dw[edge * params.width + c] = ${product}; }
  }`
}`,
  };
}

/**
 * The gradient of the weights: dw[e, c] = x[senders[e], c] dy[receivers[e], c], summed over c for one weight an edge.
 * @returns `[E, C]`, or `[E, 1]`
 */
export function messageSumWeightGradient(
  backend: unknown,
  [x, dy, senders, receivers]: readonly TensorInfo[],
  perEdge: boolean,
): TensorInfo {
  const width = x!.shape[1]!;
  const edges = senders!.shape[0]!;
  const four = width % 4 === 0;
  const columns = four ? width / 4 : width;
  const lanes = Math.min(threads, 2 ** Math.ceil(Math.log2(Math.max(columns, 1))));
  return runProgram(backend, weightGradientProgram(lanes, four, perEdge), {
    inputs: [x!, dy!, senders!, receivers!],
    outputs: [{ shape: [edges, perEdge ? 1 : width], dtype: 'float32' }],
    params: [edges, columns, dy!.shape[0]!],
    groups: Math.ceil((edges * lanes) / threads),
  })[0]!;
}

/**
 * `NoetherMessageSum` of [x, w, senders, receivers] with `count`; exchanged senders and receivers make it the gradient of x.
 * `NoetherMessageSumWeightGradient` of [x, dy, senders, receivers] with `perEdge`.
 */
export const messageSumOnWebgpu = onWebgpu<{ count: number; perEdge: boolean }>({
  NoetherMessageSum: (backend, inputs, { count }) => messageSumForward(backend, inputs, count),
  NoetherMessageSumWeightGradient: (backend, inputs, { perEdge }) =>
    messageSumWeightGradient(backend, inputs, perEdge),
});
