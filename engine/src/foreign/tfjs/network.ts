/** A TensorFlow.js model in memory at one precision: named tensors in, named tensors out. */
import type { io } from '@tensorflow/tfjs-core';
import { Fault } from '../../fault.ts';
import type { Precision, Tensor } from '../../tensor/runtime.ts';
import type { TfjsPort } from './inspect.ts';
import { loadModelLibrary } from './library.ts';
import type { TfjsFile } from './read.ts';
import type { Weights } from './weights.ts';

export interface Network {
  /** With shapes as the library sees them. */
  readonly inputs: readonly TfjsPort[];
  readonly outputs: readonly TfjsPort[];
  readonly parameterCount: number | undefined;
  /** Tensors by the port's name. The caller disposes of what comes back. */
  run(feeds: Readonly<Record<string, Tensor>>, wanted: readonly TfjsPort[]): Promise<Tensor[]>;
  dispose(): void;
}

/** @throws Fault `model/tfjs-rejected` or `-unsupported-operator` when the library does not take the model. */
export async function loadNetwork(
  { file, kind, json }: TfjsFile,
  weights: Weights,
  ports: { readonly inputs: readonly TfjsPort[]; readonly outputs: readonly TfjsPort[] },
  precision: Precision,
): Promise<Network> {
  const artifacts = {
    ...json,
    weightsManifest: undefined,
    weightSpecs: weights.specs,
    weightData: exactly(weights.bytes),
  } as unknown as io.ModelArtifacts;
  const handler: io.IOHandler = { load: async () => artifacts };
  const library = await loadModelLibrary(precision);
  try {
    if (kind === 'layers') return layersNetwork(await library.loadLayersModel(handler));
    return graphNetwork(await library.loadGraphModel(handler), ports);
  } catch (error) {
    throw rejected(error, file);
  }
}

type GraphModel = Awaited<ReturnType<Awaited<ReturnType<typeof loadModelLibrary>>['loadGraphModel']>>;
type LayersModel = Awaited<ReturnType<Awaited<ReturnType<typeof loadModelLibrary>>['loadLayersModel']>>;

function graphNetwork(
  model: GraphModel,
  ports: { readonly inputs: readonly TfjsPort[]; readonly outputs: readonly TfjsPort[] },
): Network {
  // Graphs with control flow can only be run step by step; the first run tells.
  let stepwise = false;
  return {
    ...ports,
    parameterCount: undefined,
    async run(feeds, wanted) {
      const named = Object.fromEntries(ports.inputs.map(({ name, node }) => [node, feeds[name]!]));
      const nodes = wanted.map(({ node }) => node);
      if (!stepwise) {
        try {
          return listOf(model.execute(named, nodes) as Tensor | Tensor[]);
        } catch (error) {
          if (!/executeAsync/.test((error as Error).message)) throw error;
          stepwise = true;
        }
      }
      return listOf((await model.executeAsync(named, nodes)) as Tensor | Tensor[]);
    },
    dispose: () => model.dispose(),
  };
}

function layersNetwork(model: LayersModel): Network {
  const port = (name: string, { dtype, shape }: { dtype: string; shape: readonly (number | null)[] }) => ({
    name,
    node: name,
    dtype,
    dims: shape.map((size) => size ?? undefined),
  });
  const inputs = model.inputs.map((tensor, i) => port(model.inputNames[i]!, tensor));
  const outputs = model.outputs.map((tensor, i) => port(model.outputNames[i]!, tensor));
  return {
    inputs,
    outputs,
    parameterCount: model.countParams(),
    async run(feeds, wanted) {
      const results = listOf(
        model.predictOnBatch(inputs.map(({ name }) => feeds[name]!)) as Tensor | Tensor[],
      );
      return wanted.map(({ name }) => results[outputs.findIndex((output) => output.name === name)]!);
    },
    dispose: () => void model.dispose(),
  };
}

function listOf(value: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(value) ? value : [value];
}

/** A buffer of just these bytes, which the library reads whole. */
function exactly({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}

/** What TensorFlow.js says when it refuses a model. */
export function rejected(error: unknown, file: string): Fault {
  if (error instanceof Fault) return error;
  const message = (error instanceof Error ? error.message : String(error))
    .trim()
    .split('\n')[0]!
    .slice(0, 300);
  const unknown =
    /Unknown layer: (\w+)/.exec(message)?.[1] ??
    /Unknown op '?(\w+)/.exec(message)?.[1] ??
    /ops? (?:that )?(?:is|are) not (?:supported|in the whitelist)[^\w]*(\w+)/.exec(message)?.[1] ??
    /Unknown (?:op|layer)[^A-Za-z]*(\w+)/.exec(message)?.[1] ??
    /node type (\w+) is not implemented/.exec(message)?.[1];
  if (unknown) {
    return new Fault({
      code: 'model/tfjs-unsupported-operator',
      message: `TensorFlow.js has no implementation of ${unknown}, which this model uses`,
      expected: 'operations and layers of TensorFlow.js 4.22',
      found: unknown,
      place: { file },
      advice: 'Write this part of the network with standard operations, or export the network to ONNX.',
    });
  }
  return new Fault({
    code: 'model/tfjs-rejected',
    message: `TensorFlow.js does not take the model: ${message}`,
    expected: 'a model that TensorFlow.js 4.22 loads',
    found: message,
    place: { file },
    advice: 'Convert it again with a tensorflowjs_converter of version 4.',
  });
}
