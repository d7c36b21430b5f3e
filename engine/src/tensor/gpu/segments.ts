/**
 * Sums of rows by segment on the GPU, the same to the last bit every time. Atomic additions would come in another order
 * at each run; here the rows of each segment are listed first, in rising order, and every sum is taken by one workgroup.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Call, type Element, type Program, release, runProgram } from './program.ts';

/** The rows of segment s are `order[offsets[s]] .. order[offsets[s + 1] - 1]`, in rising order. */
export interface SegmentRows {
  /** `[count + 1]` int32. */
  readonly offsets: TensorInfo;
  /** `[m]` int32; what lies behind the last offset (rows in no segment) means nothing. */
  readonly order: TensorInfo;
}

const threads = 256;
const groupsOf = (n: number) => Math.ceil(n / threads);

const clear: Program = {
  name: 'segments: clear',
  inputs: {},
  outputs: { counts: 'i32' },
  params: { size: 'i' },
  threads,
  body: 'if (index < params.size) { counts[index] = 0; }',
};

/** The last entry of counts tells whether any row is out of order. */
const countRows: Program = {
  name: 'segments: count',
  inputs: { segments: 'i32' },
  outputs: { counts: 'atomic<i32>' },
  params: { rows: 'i', count: 'i' },
  threads,
  body: `
  if (index >= params.rows) { return; }
  let segment = segments[index];
  let inside = segment >= 0 && segment < params.count;
  if (inside) { atomicAdd(&counts[segment], 1); }
  if (!inside || segment < segments[max(index - 1, 0)]) { atomicMax(&counts[params.count], 1); }`,
};

/** Exclusive sums over all segments by one workgroup, each thread a run of its own. */
const scan: Program = {
  name: 'segments: scan',
  inputs: { counts: 'i32' },
  outputs: { offsets: 'i32', cursors: 'i32' },
  params: { count: 'i' },
  threads,
  declarations: `var<workgroup> sums: array<i32, ${threads}>;`,
  body: `
  let run = (params.count + threads - 1) / threads;
  let first = min(lane * run, params.count);
  let last = min(first + run, params.count);
  var sum = 0;
  for (var s = first; s < last; s++) { sum += counts[s]; }
  sums[lane] = sum;
  workgroupBarrier();
  for (var step = 1; step < threads; step *= 2) {
    let before = select(0, sums[max(lane - step, 0)], lane >= step);
    workgroupBarrier();
    sums[lane] += before;
    workgroupBarrier();
  }
  var offset = sums[lane] - sum;
  for (var s = first; s < last; s++) {
    offsets[s] = offset;
    cursors[s] = offset;
    offset += counts[s];
  }
  if (lane == threads - 1) { offsets[params.count] = sums[lane]; }`,
};

const scatter: Program = {
  name: 'segments: scatter',
  inputs: { segments: 'i32' },
  outputs: { order: 'i32', cursors: 'atomic<i32>' },
  params: { rows: 'i', count: 'i' },
  threads,
  body: `
  if (index >= params.rows) { return; }
  let segment = segments[index];
  if (segment >= 0 && segment < params.count) { order[atomicAdd(&cursors[segment], 1)] = index; }`,
};

/** The scatter filled each segment in any order: a row's place is the number of smaller ones beside it. */
const sortRows: Program = {
  name: 'segments: sort',
  inputs: { segments: 'i32', offsets: 'i32', counts: 'i32', scattered: 'i32' },
  outputs: { order: 'i32' },
  params: { rows: 'i', count: 'i' },
  threads,
  body: `
  if (index >= params.rows) { return; }
  if (counts[params.count] == 0) {
    order[index] = index;
    return;
  }
  if (index >= offsets[params.count]) { return; }
  let row = scattered[index];
  let segment = segments[row];
  let first = offsets[segment];
  var smaller = 0;
  for (var p = first; p < offsets[segment + 1]; p++) { smaller += i32(scattered[p] < row); }
  order[first + smaller] = row;`,
};

/**
 * Lists the rows of each segment.
 * @param segments `[m]` int32; rows whose number is not in 0..count-1 belong to none
 */
export function segmentRows(backend: unknown, segments: TensorInfo, count: number): SegmentRows {
  const rows = segments.shape[0]!;
  const int32 = (...shape: number[]) => ({ shape, dtype: 'int32' as const });
  const size = count + 1;
  const call = (
    inputs: readonly TensorInfo[],
    outputs: Call['outputs'],
    params: number[],
    groups: number,
  ) => ({
    inputs,
    outputs,
    params,
    groups,
  });
  const [counts] = runProgram(backend, clear, call([], [int32(size)], [size], groupsOf(size)));
  runProgram(backend, countRows, call([segments], [counts!], [rows, count], groupsOf(rows)));
  const [offsets, cursors] = runProgram(
    backend,
    scan,
    call([counts!], [int32(size), int32(size)], [count], 1),
  );
  const [scattered] = runProgram(
    backend,
    scatter,
    call([segments], [int32(rows), cursors!], [rows, count], groupsOf(rows)),
  );
  const sorted = call(
    [segments, offsets!, counts!, scattered!],
    [int32(rows)],
    [rows, count],
    groupsOf(rows),
  );
  const [order] = runProgram(backend, sortRows, sorted);
  release(backend, [counts!, cursors!, scattered!]);
  return { offsets: offsets!, order: order! };
}

/** How the rows of a segment become one row. */
export interface Reduction {
  readonly name: string;
  /** Arrays beside offsets and order that the terms read. */
  readonly inputs: Readonly<Record<string, Element>>;
  readonly params?: Program['params'];
  /** WGSL of the term of row `row` in column `c`, of type `Value`, the column's. */
  readonly term: string;
  /** Of two partial results a and b; addition unless said otherwise. */
  readonly combine?: string;
  /** Of no rows. */
  readonly start?: string;
  /** From the combined `sum` and the segment's number of `rows` (i32) to the result. */
  readonly finish?: string;
}

/** Threads that share a segment: enough to keep many reads under way, few enough for segments of a dozen rows. */
const reduceThreads = 64;

/** A column: a number, or four that go together where the width is a multiple of four. */
export type Column = 'f32' | 'vec4f' | 'i32';

/** The program of a reduction for a width in columns. */
function reduceProgram(reduction: Reduction, width: number, element: Column): Program {
  const { combine = 'a + b', start = 'Value(0)', finish = 'sum' } = reduction;
  let tile = 1;
  while (tile < width && tile < reduceThreads) tile *= 2;
  return {
    name: reduction.name,
    inputs: { offsets: 'i32', order: 'i32', ...reduction.inputs },
    outputs: { result: element },
    params: { width: 'i', ...reduction.params },
    threads: reduceThreads,
    declarations: `
alias Value = ${element};
const tile = ${tile};
var<workgroup> partial: array<Value, threads>;
fn term(row: i32, c: i32) -> Value { return ${reduction.term}; }
fn combine(a: Value, b: Value) -> Value { return ${combine}; }`,
    body: `
  let tiles = (params.width + tile - 1) / tile;
  let segment = group / tiles;
  let c = (group % tiles) * tile + lane % tile;
  let first = offsets[segment];
  let last = offsets[segment + 1];
  var sum = ${start};
  if (c < params.width) {
    for (var p = first + lane / tile; p < last; p += threads / tile) { sum = combine(sum, term(order[p], c)); }
  }
  partial[lane] = sum;
  for (var stride = threads / 2; stride >= tile; stride /= 2) {
    workgroupBarrier();
    if (lane < stride) { partial[lane] = combine(partial[lane], partial[lane + stride]); }
  }
  if (lane < tile && c < params.width) {
    let rows = last - first;
    sum = partial[lane];
    result[segment * params.width + c] = ${finish};
  }`,
  };
}

/**
 * Runs a reduction over listed segments.
 * @param width numbers of a row of the result
 * @returns `[count, width]`
 */
export function reduceSegments(
  backend: unknown,
  reduction: Reduction,
  { offsets, order }: SegmentRows,
  inputs: readonly TensorInfo[],
  { count, width, column, params = [] }: { count: number; width: number; column: Column; params?: number[] },
): TensorInfo {
  const columns = column === 'vec4f' ? width / 4 : width;
  const program = reduceProgram(reduction, columns, column);
  const tile = Math.min(reduceThreads, 2 ** Math.ceil(Math.log2(Math.max(columns, 1))));
  const [result] = runProgram(backend, program, {
    inputs: [offsets, order, ...inputs],
    outputs: [{ shape: [count, width], dtype: column === 'i32' ? 'int32' : 'float32' }],
    params: [columns, ...params],
    groups: count * Math.ceil(columns / tile),
  });
  return result!;
}
