/** A TensorFlow.js model in memory at one precision: named tensors in, named tensors out. */
import type { io } from '@tensorflow/tfjs-core';
import { Fault } from '../../fault.ts';
import type { Precision, Tensor } from '../../tensor/runtime.ts';
import { sourcesIn } from '../graph-sources.ts';
import { type GraphNode, graphNodes, nodeOf, type TfjsPort } from './inspect.ts';
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
  /** The network once more, with values inside it as outputs; absent where they cannot be had. */
  inner?(): InnerNetwork;
  dispose(): void;
}

/** Values inside a network. */
export interface InnerNetwork {
  /** In the order of computation. */
  readonly names: readonly string[];
  /** The shown values that one is computed from. */
  from(name: string): readonly string[];
  /** The output that a value is, where it is one. */
  output(name: string): string | undefined;
  /** One tensor for each name, or `undefined` for what is not computed. The caller disposes of them. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<readonly Tensor[]>;
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
    return graphNetwork(await library.loadGraphModel(handler), ports, graphNodes({ file, kind, json }));
  } catch (error) {
    throw rejected(error, file);
  }
}

type GraphModel = Awaited<ReturnType<Awaited<ReturnType<typeof loadModelLibrary>>['loadGraphModel']>>;
type LayersModel = Awaited<ReturnType<Awaited<ReturnType<typeof loadModelLibrary>>['loadLayersModel']>>;

function graphNetwork(
  model: GraphModel,
  ports: { readonly inputs: readonly TfjsPort[]; readonly outputs: readonly TfjsPort[] },
  nodes: readonly GraphNode[],
): Network {
  // Graphs with control flow can only be run step by step; the first run tells.
  let stepwise = false;
  const network: Network = {
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
    inner: () => innerGraph(nodes, network),
    dispose: () => model.dispose(),
  };
  return network;
}

/** Operations that only carry shapes and constants about. */
const bookkeeping = new Set(['Const', 'Placeholder', 'NoOp', 'Shape', 'Identity', 'StridedSlice', 'Range']);

function innerGraph(nodes: readonly GraphNode[], network: Network): InnerNetwork {
  // The file keeps its nodes in the order of computation.
  const names = nodes.filter(({ op }) => !bookkeeping.has(op)).map(({ name }) => name);
  const linked = nodes.map(({ name, input = [] }) => ({ input: input.map(nodeOf), output: [name] }));
  const sources = sourcesIn(linked, new Set(names));
  const wanted = names.map((name) => ({ name, node: name, dtype: 'float32', dims: undefined }));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const outputs = new Map(network.outputs.map((port) => [computedBy(port.node, byName), port.name]));
  return {
    names,
    from: sources,
    output: (name) => outputs.get(name),
    run: (feeds) => network.run(feeds, wanted),
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
    inner: () => innerLayers(model),
    dispose: () => void model.dispose(),
  };
}

/** The node behind those that only hand a value on: converters put one before every output. */
function computedBy(node: string, nodes: ReadonlyMap<string, GraphNode>): string {
  const name = nodeOf(node);
  const { op, input } = nodes.get(name) ?? {};
  return op === 'Identity' && input?.[0] !== undefined ? computedBy(input[0], nodes) : name;
}

/** A second model on the same layers, whose outputs are those of all of them. */
function innerLayers(model: LayersModel): InnerNetwork {
  // A layer that is used in several places has no one output.
  const shown = model.layers.filter((layer) => layer.inboundNodes.length === 1 && !isInput(layer));
  const outputs = shown.map((layer) => layer.output as SymbolicTensor);
  const Base = plainModel(model);
  const probe = new Base({ inputs: model.inputs, outputs, name: 'layers' });
  const names = shown.map(({ name }) => name);
  return {
    names,
    from: (name) => {
      const layer = shown.find((each) => each.name === name)!;
      return layer.inboundNodes[0]!.inboundLayers.map((each) => each.name).filter((each) =>
        names.includes(each),
      );
    },
    output: (name) => model.outputNames.find((each) => each === name),
    async run(feeds) {
      const values = model.inputNames.map((name) => feeds[name]!);
      return listOf(probe.predictOnBatch(values) as Tensor | Tensor[]);
    },
  };
}

type SymbolicTensor = LayersModel['inputs'][number];
type Constructor = new (parts: {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
  name: string;
}) => LayersModel;

function isInput(layer: LayersModel['layers'][number]): boolean {
  return layer.getClassName() === 'InputLayer';
}

/** The class of models of any layers; that of sequential models is made from it and takes a list. */
function plainModel(model: LayersModel): Constructor {
  let own = model.constructor as Constructor & { className?: string };
  while (own.className !== 'Model') own = Object.getPrototypeOf(own);
  return own;
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
