/** Maxima by segment on the GPU. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, release, runProgram } from '../../tensor/gpu/program.ts';
import { type Column, type Reduction, reduceSegments, segmentRows } from '../../tensor/gpu/segments.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { rowsAndWidth } from '../segments.ts';

type Real = Exclude<Column, 'i32'>;

/** NaN by its bits: compilers of WGSL may take it that there is none. */
function isNan(x: string, column: Real): string {
  const [bits, of] = column === 'vec4f' ? ['vec4u', (n: string) => `vec4u(${n})`] : ['u32', (n: string) => n];
  return `(bitcast<${bits}>(${x}) & ${of('0x7fffffffu')}) > ${of('0x7f800000u')}`;
}

const maximum = (column: Real): Reduction => ({
  name: 'segment max',
  inputs: { x: column },
  term: 'x[row * params.width + c]',
  combine: `select(select(max(a, b), b, ${isNan('b', column)}), a, ${isNan('a', column)})`,
  // A maximum starts with a row of its own, as there is no smallest number to write.
  start: `select(Value(0), term(order[first], min(c, params.width - 1)), first < last)`,
});

/** dy over the number of rows that reach the maximum. */
const shares = (column: Real): Reduction => ({
  name: 'segment max: shares',
  inputs: { x: column, y: column, dy: column, segments: 'i32' },
  term: `select(Value(0), Value(1), x[row * params.width + c] == y[segments[row] * params.width + c])`,
  finish: 'dy[segment * params.width + c] / max(sum, Value(1))',
});

const threads = 64;

const gradient = (column: Real): Program => ({
  name: 'segment max: gradient',
  inputs: { x: column, y: column, shares: column, segments: 'i32' },
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
  let at = segment * params.width + index % params.width;
  result[index] = select(${column}(0), shares[at], x[index] == y[at]);`,
});

const columnOf = (width: number): Real => (width % 4 === 0 ? 'vec4f' : 'f32');

/** The largest of the rows of each segment, entry by entry: x `[m, ...rest]` to `[count, ...rest]`; zero without rows. */
export function segmentMaxForward(
  backend: unknown,
  x: TensorInfo,
  segments: TensorInfo,
  count: number,
): TensorInfo {
  const { width } = rowsAndWidth(x);
  const column = columnOf(width);
  const { offsets, order } = segmentRows(backend, segments, count);
  const result = reduceSegments(backend, maximum(column), { offsets, order }, [x], { count, width, column });
  release(backend, [offsets, order]);
  return { ...result, shape: [count, ...x.shape.slice(1)] };
}

/** The gradient of x `[m, ...rest]`, from the result y and dy `[count, ...rest]`. */
export function segmentMaxGradient(
  backend: unknown,
  [x, y, dy, segments]: readonly TensorInfo[],
  count: number,
): TensorInfo {
  const { rows, width } = rowsAndWidth(x!);
  const column = columnOf(width);
  const columns = column === 'vec4f' ? width / 4 : width;
  const { offsets, order } = segmentRows(backend, segments!, count);
  const inputs = [x!, y!, dy!, segments!];
  const parts = reduceSegments(backend, shares(column), { offsets, order }, inputs, { count, width, column });
  const [result] = runProgram(backend, gradient(column), {
    inputs: [x!, y!, parts, segments!],
    outputs: [{ shape: x!.shape, dtype: 'float32' }],
    params: [rows, columns, count],
    groups: Math.ceil((rows * columns) / threads),
  });
  release(backend, [offsets, order, parts]);
  return result!;
}

/** `NoetherSegmentMax` of [x, segments] with `count`; `NoetherSegmentMaxGradient` of [x, y, dy, segments] with `count`. */
export const segmentMaxOnWebgpu = onWebgpu<{ count: number }>({
  NoetherSegmentMax: (backend, [x, segments], { count }) => segmentMaxForward(backend, x!, segments!, count),
  NoetherSegmentMaxGradient: (backend, inputs, { count }) => segmentMaxGradient(backend, inputs, count),
});
