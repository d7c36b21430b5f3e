/** What a TensorFlow.js model says about itself, without running it. */

import { sizeOf } from '../../tensor/array.ts';
import type { OnnxPort } from '../onnx/inspect.ts';
import { layersOf, readTfjsJson, type TfjsFile } from './read.ts';

/** An input or output, and the node of the graph that it is; the same name in layers models. */
export interface TfjsPort extends OnnxPort {
  readonly node: string;
}

export interface TfjsDescription {
  readonly kind: 'graph' | 'layers';
  readonly inputs: readonly TfjsPort[];
  /** Of layers models the shapes are known only when the model is built. */
  readonly outputs: readonly TfjsPort[];
  /** Numbers in the float weights; of graphs single numbers, which are constants of formulas, are left out. */
  readonly parameterCount: number;
  /** Kinds of node or layer, sorted. */
  readonly operators: readonly string[];
}

/** @param path absolute path of `model.json`. @throws Fault `model/tfjs-…` as `readTfjsJson` does. */
export async function inspectTfjs(path: string): Promise<TfjsDescription> {
  return describeTfjs(await readTfjsJson(path));
}

/** The same of a model that has been read already. */
export function describeTfjs(model: TfjsFile): TfjsDescription {
  const { kind, json } = model;
  const weights = json.weightsManifest.flatMap((group) => group.weights);
  const sizes = weights.filter(({ dtype }) => dtype === 'float32').map(({ shape }) => sizeOf(shape));
  return {
    kind,
    ...(kind === 'graph' ? graphFacts(model) : layersFacts(model)),
    parameterCount: sizes
      .filter((size) => kind === 'layers' || size > 1)
      .reduce((sum, size) => sum + size, 0),
  };
}

/** A node of a graph model. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: {
    readonly dtype?: { readonly type?: string | number };
    readonly shape?: { readonly shape?: GraphShape };
  };
}

interface GraphShape {
  readonly dim?: readonly { readonly size?: string | number }[];
  readonly unknownRank?: boolean;
}

/** The signature that converters write: inputs and outputs under the names that the model's author gave them. */
interface TensorInfo {
  readonly name?: string;
  readonly dtype?: string | number;
  readonly tensorShape?: GraphShape;
}

/** The nodes of a graph, those of its functions included. */
export function graphNodes({ json }: TfjsFile): readonly GraphNode[] {
  const { node, library } = json.modelTopology as {
    node: readonly GraphNode[];
    library?: { function?: readonly { nodeDef?: readonly GraphNode[] }[] };
  };
  return [...node, ...(library?.function ?? []).flatMap(({ nodeDef }) => nodeDef ?? [])];
}

function graphFacts(model: TfjsFile): Omit<TfjsDescription, 'kind' | 'parameterCount'> {
  const nodes = (model.json.modelTopology.node as readonly GraphNode[]) ?? [];
  const metadata = model.json.userDefinedMetadata as { signature?: unknown } | undefined;
  const signature = (model.json.signature ?? metadata?.signature) as
    | { inputs?: Record<string, TensorInfo>; outputs?: Record<string, TensorInfo> }
    | undefined;
  const placeholders = nodes.filter(({ op }) => op === 'Placeholder');
  const consumed = new Set(nodes.flatMap(({ input = [] }) => input.map(nodeOf)));
  const inputs = signature?.inputs
    ? portsOf(signature.inputs)
    : placeholders.map(({ name, attr }) => ({
        name,
        node: name,
        dtype: dtypeOf(attr?.dtype?.type),
        dims: dimsOf(attr?.shape?.shape),
      }));
  const outputs = signature?.outputs
    ? portsOf(signature.outputs)
    : nodes
        .filter(({ name, op }) => !consumed.has(name) && op !== 'Placeholder' && op !== 'Const')
        .map(({ name }) => ({ name, node: name, dtype: 'float32', dims: undefined }));
  return { inputs, outputs, operators: [...new Set(graphNodes(model).map(({ op }) => op))].sort() };
}

function portsOf(infos: Readonly<Record<string, TensorInfo>>): TfjsPort[] {
  return Object.entries(infos).map(([name, info]) => ({
    name,
    node: info.name ?? name,
    dtype: dtypeOf(info.dtype),
    dims: dimsOf(info.tensorShape),
  }));
}

/** `^x` is a control input and `x:1` an output of x. */
export function nodeOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** TensorFlow's names and numbers of element types (tensorflow/core/framework/types.proto). */
const dtypes: Readonly<Record<string, string>> = {
  DT_FLOAT: 'float32',
  1: 'float32',
  DT_INT32: 'int32',
  3: 'int32',
  DT_STRING: 'string',
  7: 'string',
  // TensorFlow.js has no 64-bit integers, and takes int32 for them.
  DT_INT64: 'int32',
  9: 'int32',
  DT_BOOL: 'bool',
  10: 'bool',
};

function dtypeOf(type: string | number | undefined): string {
  return dtypes[String(type ?? 'DT_FLOAT')] ?? String(type);
}

function dimsOf(shape: GraphShape | undefined): TfjsPort['dims'] {
  if (!shape || shape.unknownRank) return undefined;
  return (shape.dim ?? []).map(({ size }) => (Number(size) > 0 ? Number(size) : undefined));
}

interface LayerConfig {
  readonly class_name: string;
  readonly config: {
    readonly name: string;
    readonly batch_input_shape?: readonly (number | null)[];
    readonly dtype?: string;
    readonly layers?: readonly LayerConfig[];
    readonly input_layers?: unknown;
    readonly output_layers?: unknown;
  };
}

function layersFacts({ json }: TfjsFile): Omit<TfjsDescription, 'kind' | 'parameterCount'> {
  const top = layersOf(json.modelTopology) as LayerConfig;
  const layers = layersIn(top);
  const named = (names: string[], known: boolean): TfjsPort[] =>
    names.map((name) => {
      const config = layers.find((layer) => layer.config.name === name)?.config;
      const dims = config?.batch_input_shape?.map((size) => size ?? undefined);
      const dtype = known ? (config?.dtype ?? 'float32') : 'float32';
      return { name, node: name, dtype, dims: known ? dims : undefined };
    });
  const inputs = namesOf(top.config.input_layers) ?? [layers[0]?.config.name ?? ''];
  const outputs = namesOf(top.config.output_layers) ?? [layers.at(-1)?.config.name ?? ''];
  return {
    inputs: named(inputs, true),
    outputs: named(outputs, false),
    operators: [...new Set(layers.map(({ class_name }) => class_name))].sort(),
  };
}

function layersIn({ config }: LayerConfig): readonly LayerConfig[] {
  // Old files of sequential models hold the list itself.
  return (Array.isArray(config) ? config : config.layers) ?? [];
}

/** `[["input_1", 0, 0], …]`, or a single one without the outer list. */
function namesOf(layers: unknown): string[] | undefined {
  if (!Array.isArray(layers) || layers.length === 0) return undefined;
  return Array.isArray(layers[0]) ? layers.map((layer) => String(layer[0])) : [String(layers[0])];
}
