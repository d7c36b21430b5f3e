/** What the nodes of a graph compute, for finding the one that breaks a symmetry. */
import type { Layer } from '../../model/model.ts';
import { trailingShape } from '../../signature.ts';
import { type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import { sourcesIn } from '../graph-sources.ts';
import { inlineExternalData } from './external-data.ts';
import type { MatchedPort, Matching } from './match.ts';
import { encodeModel } from './proto.ts';
import { readModel } from './read-model.ts';
import { feed, type GraphRun } from './run.ts';
import type { OnnxRuntime, OnnxTensor, SessionSettings } from './runtimes.ts';

/** Nodes that are looked at, evenly over larger graphs. */
const mostNodes = 64;

/** Operators that only carry shapes and constants about. */
const bookkeeping = new Set(['Constant', 'ConstantOfShape', 'Shape', 'Size', 'Range', 'Identity']);

export interface LayerRequest {
  readonly file: string;
  readonly runtime: OnnxRuntime;
  readonly matching: Matching;
  readonly settings: SessionSettings;
  readonly widest: number;
}

/**
 * Opens the graph once more, with the outputs of its nodes as outputs of its own, and runs one sample at a time, so that no
 * axis is a batch of samples. Values that are no floats, and those whose shape changes between samples of one shape, are
 * left out.
 */
export async function onnxLayers(request: LayerRequest, batch: readonly Values[]): Promise<Layer[]> {
  const { file, runtime, matching, settings, widest } = request;
  const { model, bytes } = await readModel(file, 'everything');
  await inlineExternalData(model, file, bytes.length);
  const { graph } = model;
  const known = new Set(graph.output.map(({ name }) => name));
  const names = graph.node
    .filter(({ opType }) => !bookkeeping.has(opType))
    .flatMap(({ output }) => output.filter((name) => name !== ''));
  const step = Math.max(1, names.length / mostNodes);
  const wanted = names.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  for (const name of wanted)
    if (!known.has(name)) graph.output.push({ name } as (typeof graph.output)[number]);
  const session = await runtime.createSession(encodeModel(model), settings);
  const run: GraphRun = { runtime, session, matching, precision: 'float32', widest, file };
  const found = new Map<string, NdArray[]>(wanted.map((name) => [name, []]));
  try {
    for (const values of batch) {
      const copies = typeof matching.batch === 'number' ? matching.batch : 1;
      const fed = new Array<Values>(copies).fill(values);
      const feeds = Object.fromEntries(
        matching.inputs.map((input) => [input.port.name, feed(run, input, fed)]),
      );
      const results = await session.run(feeds, wanted);
      for (const [name, arrays] of found) {
        const tensor = results[name] as OnnxTensor | undefined;
        if (tensor?.type === 'float32' || tensor?.type === 'float64') {
          const dims = [...tensor.dims];
          arrays.push(real(dims, Float64Array.from(tensor.data as Float32Array).subarray(0, sizeOf(dims))));
        }
      }
      for (const tensor of [...Object.values(feeds), ...Object.values(results)])
        (tensor as OnnxTensor).dispose();
    }
  } finally {
    await session.release();
  }
  const from = sourcesIn(graph.node, new Set(wanted));
  return [...found].flatMap(([name, values]): Layer[] => {
    if (values.length !== batch.length) return [];
    const output = matching.outputs.find(({ port }) => port.name === name);
    const typed = output && withoutBatch(output, values);
    return [{ name, from: from(name), ...(typed ?? { values }) }];
  });
}

/** A declared output with its type; `undefined` where its shape differs by trailing axes of 1. */
function withoutBatch(
  { field: { type }, batched }: MatchedPort,
  values: readonly NdArray[],
): Pick<Layer, 'type' | 'values'> | undefined {
  const rank = type.axes.length + trailingShape(type.representation).length;
  if (values[0]!.shape.length !== rank + (batched ? 1 : 0)) return undefined;
  return { type, values: values.map(({ shape, data }) => ({ shape: shape.slice(batched ? 1 : 0), data })) };
}
