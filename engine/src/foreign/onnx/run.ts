/** Running samples through one session of a graph. */

import type { InferenceSession } from 'onnxruntime-web';
import { Fault } from '../../fault.ts';
import { typeText } from '../../signature.ts';
import { type NdArray, sizeOf, type Values } from '../../tensor/array.ts';
import { alike } from '../alike.ts';
import { groupsOf } from './batching.ts';
import { fromGraph, toGraph } from './host-conversion.ts';
import { portText } from './inspect.ts';
import type { MatchedPort, Matching } from './match.ts';
import { shapeWith } from './port-types.ts';
import { runFault } from './runtime-fault.ts';
import type { OnnxRuntime, OnnxTensor } from './runtimes.ts';
import { sizesOf } from './sizes.ts';

export interface GraphRun {
  readonly runtime: OnnxRuntime;
  readonly session: InferenceSession;
  readonly matching: Matching;
  /** 'float64' for the twin: every floating input and output is float64 there. */
  readonly precision: 'float32' | 'float64';
  /** See batching.ts. */
  readonly widest: number;
  /** For faults. */
  readonly file: string;
}

export interface Evaluator {
  /** Result i belongs to batch[i]. @throws Fault `model/onnx-…` for shapes, values or a run that fails. */
  evaluate(batch: readonly Values[]): Promise<Values[]>;
  /** Releases the session when the runs that are under way have ended. */
  dispose(): void;
}

export function evaluator(graph: GraphRun): Evaluator {
  const state: BatchState = { together: 'unknown' };
  let disposed = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    evaluate(batch) {
      if (disposed) return Promise.reject(new Error('the model has been disposed of'));
      // One run at a time: a session on one thread gains nothing from two, and dispose knows what to wait for.
      const result = last.then(() => evaluate(graph, state, batch));
      last = result.catch(() => undefined);
      return result;
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      last.then(() => graph.session.release()).catch(() => undefined);
    },
  };
}

/** Whether samples that run together leave each other alone: found out on the first run of several. */
interface BatchState {
  together: 'unknown' | 'yes' | 'no';
}

async function evaluate(graph: GraphRun, state: BatchState, batch: readonly Values[]): Promise<Values[]> {
  const { matching, precision, widest } = graph;
  const sizes = batch.map((sample) => sizesOf(sample, matching.inputs, graph.file));
  const results = new Array<Values>(batch.length);
  const queue = groupsOf(batch, matching, precision, widest, state.together !== 'no');
  for (let places = queue.shift(); places; places = queue.shift()) {
    const samples = places.map((place) => batch[place]!);
    const outputs = await runTogether(graph, samples, sizes[places[0]!]!);
    if (state.together === 'unknown' && samples.length > 1) {
      const [alone] = await runTogether(graph, samples.slice(0, 1), sizes[places[0]!]!);
      state.together = alike(alone!, outputs[0]!, toleranceOf(matching)) ? 'yes' : 'no';
      if (state.together === 'no') return evaluate(graph, state, batch);
    }
    for (const [i, place] of places.entries()) results[place] = outputs[i]!;
  }
  return results;
}

/** Well above the rounding of the graph's own numbers. */
function toleranceOf({ inputs, outputs }: Matching): number {
  return [...inputs, ...outputs].some(({ port }) => port.dtype === 'float16') ? 1e-2 : 1e-4;
}

/** One run on samples of equal sizes. */
async function runTogether(
  graph: GraphRun,
  samples: readonly Values[],
  sizes: Readonly<Record<string, number>>,
): Promise<Values[]> {
  const { runtime, session, matching, file } = graph;
  const { batch } = matching;
  // A graph with a fixed batch of n takes n samples: the last one fills up.
  const filled = typeof batch === 'number' ? Math.max(batch, samples.length) : samples.length;
  const fed = Array.from({ length: filled }, (_, i) => samples[Math.min(i, samples.length - 1)]!);
  const feeds: Record<string, OnnxTensor> = {};
  for (const input of matching.inputs) feeds[input.port.name] = feed(graph, input, fed);
  const wanted = matching.outputs.map(({ port }) => port.name);
  const returned = await session.run(feeds, wanted).catch((error: unknown) => {
    const inputs = Object.entries(feeds).map(
      ([name, t]) => `${name}: ${portText({ dtype: t.type, dims: t.dims })}`,
    );
    throw runFault(error, inputs.join(', '), { file, runtime: `${runtime.name} ${runtime.version}` });
  });
  const results = samples.map((): Record<string, NdArray> => ({}));
  for (const output of matching.outputs) {
    const parts = split(graph, output, returned[output.port.name] as OnnxTensor, fed.length, sizes);
    for (const [i, result] of results.entries()) result[output.field.name] = parts(i);
  }
  for (const tensor of [...Object.values(feeds), ...Object.values(returned)])
    (tensor as OnnxTensor).dispose();
  return results;
}

/** The graph's input for samples that run together; see batching.ts. */
export function feed(
  graph: GraphRun,
  { field, port, batched }: MatchedPort,
  fed: readonly Values[],
): OnnxTensor {
  const arrays = fed.map((sample) => sample[field.name]!);
  const { shape } = arrays[0]!;
  const dtype = graph.precision === 'float64' && port.dtype.startsWith('float') ? 'float64' : port.dtype;
  const extra = (port.dims?.length ?? shape.length) - shape.length - (batched ? 1 : 0);
  const dims = [...(batched ? [fed.length] : []), ...shape, ...new Array<number>(Math.max(0, extra)).fill(1)];
  // The constructor's types tie each dtype to its array; toGraph has made the pair.
  return new graph.runtime.Tensor(
    dtype as 'float32',
    toGraph(arrays, dtype, port.name) as Float32Array,
    dims,
  );
}

/** Cuts an output into the arrays of the samples, after checking its shape against the declared one. */
function split(
  graph: GraphRun,
  { field, port }: MatchedPort,
  tensor: OnnxTensor,
  count: number,
  sizes: Readonly<Record<string, number>>,
): (sample: number) => NdArray {
  const shape = actualShape(shapeWith(field.type, sizes), tensor.dims, count);
  if (!shape) {
    const declared = shapeWith(field.type, sizes).map((size) => size ?? '?');
    throw new Fault({
      code: 'model/onnx-output-shape',
      message: `output \`${field.name}\` is declared ${typeText(field.type)}, here [${declared.join(', ')}]; the graph returned [${tensor.dims.join(', ')}] for ${count} sample${count === 1 ? '' : 's'}`,
      expected: `[${declared.join(', ')}], or with a batch axis of ${count} in front`,
      found: `[${tensor.dims.join(', ')}]`,
      place: { file: graph.file, member: port.name },
      advice: 'Declare the output with the index sets and the representation that the network returns.',
    });
  }
  const size = sizeOf(shape);
  const data = tensor.data as ArrayLike<number>;
  return (sample) => fromGraph(data, tensor.type, sample * size, shape, port.name);
}

/**
 * The shape of one sample's part of an output: `declared`, its open sizes taken from `dims`; `undefined` when `dims` is
 * neither that, nor that behind an axis of `count`, trailing ones aside.
 */
function actualShape(
  declared: readonly (number | undefined)[],
  dims: readonly number[],
  count: number,
): number[] | undefined {
  const agrees = (part: readonly number[]) =>
    part.length >= declared.length &&
    declared.every((size, i) => size === undefined || size === part[i]) &&
    part.slice(declared.length).every((size) => size === 1);
  if (dims[0] === count && agrees(dims.slice(1))) return dims.slice(1, 1 + declared.length);
  if (count === 1 && agrees(dims)) return dims.slice(0, declared.length);
  return undefined;
}
