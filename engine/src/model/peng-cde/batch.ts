/** From named values to the arrays of one group of graphs, on the host in double precision. */
import { Fault } from '../../fault.ts';
import type { IndexSizes } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { checkInput, fixedSize } from '../fields.ts';
import { inputsOf } from './description.ts';
import { applyOperator } from './operators.ts';
import { parameterAt, rectilinear } from './rectilinear.ts';
import { type OwnTimes, patternOf, type SampleTimes, scheduleOf } from './schedule.ts';
import type { PengCdeSpecification } from './specification.ts';
import { startOf } from './start.ts';

/** Graphs of one size, seen equally often. */
export interface HostGraphs {
  readonly batch: number;
  readonly nodes: number;
  /** The path's parameter at the knots, and where outputs are wanted. */
  readonly times: readonly number[];
  readonly outputTimes: readonly number[];
  /** Times of each graph, where they differ: `times` and `outputTimes` then count steps. */
  readonly own: readonly OwnTimes[] | undefined;
  /** [batch, n, n] for each knot. */
  readonly matrices: readonly NdArray[];
  /** [batch, n, k] for each knot. */
  readonly features: readonly NdArray[] | undefined;
  /** [batch, n, k] */
  readonly initial: NdArray;
}

/** @throws Fault `model/missing-input`, `model/input-shape`, `model/input-value` when an input is not what the signature says. */
export function checkedSizes(specification: PengCdeSpecification, values: Values): IndexSizes {
  const { adjacency, timeIndex, nodeIndex, queries, times, shapes } = specification;
  const [knots = 0, nodes = 0] = values[adjacency.name]?.shape ?? [];
  const asked = queries
    ? { [(queries.type.axes[0] as { index: string }).index]: values[queries.name]?.shape[0] ?? 0 }
    : {};
  const sizes = { ...asked, [timeIndex]: knots, [nodeIndex]: nodes };
  for (const field of inputsOf(specification)) checkInput('PENGCDE', field, values[field.name], sizes);
  if (knots === 0 || nodes === 0)
    throw misshaped(adjacency.name, 'has no graph or no node', 'at least one of each');
  if (shapes.nodes !== undefined && shapes.field.kind === 'premult' && nodes !== shapes.nodes) {
    throw misshaped(
      adjacency.name,
      `has ${nodes} nodes, and \`vector_field: premult\` learnt matrices for ${shapes.nodes}`,
      `${shapes.nodes} nodes`,
    );
  }
  const seen = values[times.name]!.data;
  checkRising(times.name, seen, Number.NEGATIVE_INFINITY);
  if (queries) checkRising(queries.name, values[queries.name]!.data, seen[0]!);
  return sizes;
}

function misshaped(name: string, what: string, expected: string): Fault {
  return new Fault({
    code: 'model/input-shape',
    message: `\`${name}\` ${what}`,
    expected,
    advice: 'Leave such samples out of the data, or change the options of the model.',
  });
}

function checkRising(name: string, times: ArrayLike<number>, from: number): void {
  for (let k = 0; k < times.length; k++) {
    const before = k === 0 ? from : times[k - 1]!;
    const rises = k === 0 ? times[k]! >= before : times[k]! > before;
    if (rises && Number.isFinite(times[k]!)) continue;
    throw new Fault({
      code: 'model/input-value',
      message: `the times \`${name}\` do not rise: entry ${k} is ${times[k]} after ${before}`,
      expected: 'times that rise, none before the first graph',
      found: String(times[k]),
      advice: 'Sort the snapshots by time and keep one of those at the same time.',
    });
  }
}

/** A group may take so many bytes for its matrices at all knots. */
const budgetBytes = 256 * 2 ** 20;

/** The parameter of a sample's path at its knots, and where outputs are wanted. */
function timesOf(specification: PengCdeSpecification, values: Values): SampleTimes {
  const { times, queries, predict } = specification;
  const seen = [...values[times.name]!.data];
  const asked = queries ? [...values[queries.name]!.data] : seen;
  const outputs = predict === 'final' ? asked.slice(-1) : asked;
  if (!specification.rectilinear) return { knots: seen, outputs };
  return { knots: rectilinear(seen).times, outputs: outputs.map((t) => parameterAt(seen, t)) };
}

/**
 * Indices of inputs that can go through together: one size, seen and asked for at times in the same order; with steps of a given length, at the
 * same times. Adaptive steps are one graph's own.
 */
export function groupsOf(
  specification: PengCdeSpecification,
  batch: readonly Values[],
  precision: Precision,
): number[][] {
  const { adjacency, solver } = specification;
  const groups = new Map<string, number[]>();
  batch.forEach((values, index) => {
    const own = timesOf(specification, values);
    const exactly = () => [...own.knots, '', ...own.outputs].join();
    const when = {
      interval: () => patternOf(own),
      adaptive: () => String(index),
      constant: exactly,
      mesh: exactly,
    }[solver.stepping.kind]();
    const key = `${values[adjacency.name]!.shape.join()};${when}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()].flatMap((group) => {
    const bytes = values64(batch[group[0]!]![adjacency.name]!) / (precision === 'float64' ? 1 : 2);
    const most = Math.max(1, Math.floor(budgetBytes / bytes));
    return Array.from({ length: Math.ceil(group.length / most) }, (_, i) =>
      group.slice(i * most, (i + 1) * most),
    );
  });
}

function values64({ data }: NdArray): number {
  return data.length * 8;
}

/** @param batch checked inputs of one group */
export function assemble(specification: PengCdeSpecification, batch: readonly Values[]): HostGraphs {
  const { adjacency, initial, features, observed, observedFeatures } = specification;
  const first = batch[0]!;
  const [count, nodes] = first[adjacency.name]!.shape as [number, number];
  const own = batch.map((values) => timesOf(specification, values));
  const [time] = own as [SampleTimes];
  const isCommon = own.every(
    ({ knots, outputs }) => knots.join() === time.knots.join() && outputs.join() === time.outputs.join(),
  );
  const schedule = isCommon ? undefined : scheduleOf(own);
  const seen = batch.map((values) =>
    held(values[adjacency.name]!.data, observed && values[observed.name]!.data, count),
  );
  const graphs = seen.map((filled) =>
    filled.map((matrix) => applyOperator(specification.operator, matrix, nodes)),
  );
  const channels = features ? fixedSize(features.type.axes) : 0;
  const numbers =
    features &&
    batch.map((values) =>
      held(values[features.name]!.data, observedFeatures && values[observedFeatures.name]!.data, count),
    );
  const stacked = (
    samples: readonly (readonly Float64Array[])[],
    knot: number,
    shape: readonly number[],
  ): NdArray => real([batch.length, ...shape], joined(samples.map((sample) => sample[knot]!)));
  const places = specification.rectilinear
    ? rectilinear([...first[specification.times.name]!.data]).knots
    : Array.from({ length: count }, (_, k) => k);
  const atKnots = Array.from({ length: count }, (_, k) => stacked(graphs, k, [nodes, nodes]));
  const featuresAtKnots =
    numbers && Array.from({ length: count }, (_, k) => stacked(numbers, k, [nodes, channels]));
  const { start: derived } = specification;
  const start =
    derived !== 'given'
      ? seen.map(([matrix]) => startOf(derived, matrix!, nodes))
      : initial
        ? batch.map((values) => Float64Array.from(values[initial.name]!.data))
        : numbers!.map((sample) => sample[0]!);
  return {
    batch: batch.length,
    nodes,
    times: schedule?.knots ?? time.knots,
    outputTimes: schedule?.outputs ?? time.outputs,
    own: schedule?.own,
    matrices: places.map((k) => atKnots[k]!),
    features: featuresAtKnots && places.map((k) => featuresAtKnots[k]!),
    initial: real([batch.length, nodes, specification.shapes.inputs], joined(start)),
  };
}

/** Values at each knot; an entry that was not seen keeps the last one that was. */
function held(data: ArrayLike<number>, seen: ArrayLike<number> | undefined, knots: number): Float64Array[] {
  const size = data.length / knots;
  const last = new Float64Array(size);
  return Array.from({ length: knots }, (_, knot) => {
    for (let i = 0; i < size; i++) {
      const place = knot * size + i;
      if (seen?.[place] !== 0) last[i] = data[place]!;
    }
    return last.slice();
  });
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
