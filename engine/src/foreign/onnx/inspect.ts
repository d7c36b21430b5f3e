/** What an ONNX file says about itself, without a runtime: for hovers, completion and matching. */
import { elementType } from './element-types.ts';
import { scopesOf } from './graph-walk.ts';
import { parameterCount } from './parameter-count.ts';
import type { ModelProto, TensorType, TypeProto, ValueInfoProto } from './proto.ts';
import { type OnnxModel, readModel } from './read-model.ts';

/** A size, a symbolic name ("batch"), or `undefined` where the graph leaves the size open without a name. */
export type OnnxDim = number | string | undefined;

/** An input or output of the graph. */
export interface OnnxPort {
  readonly name: string;
  /** `float32`, `int64`, …; `sequence(float32)` and the like for what is not an array. */
  readonly dtype: string;
  /** `undefined` where not even the rank is stated. */
  readonly dims: readonly OnnxDim[] | undefined;
}

export interface OnnxNode {
  /** Empty where the exporter gave none. */
  readonly name: string;
  /** `MatMul`; operators outside the standard carry their domain: `com.microsoft.FusedMatMul`. */
  readonly operator: string;
}

export interface OnnxDescription {
  /** What a caller must feed, in the graph's order; initialisers are left out. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** Trainable numbers, by the rule of parameter-count.ts. */
  readonly parameterCount: number;
  /** Version of the standard operators; 0 when the graph uses none. */
  readonly opset: number;
  /** Version for each domain of operators; the standard one is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly irVersion: number;
  /** "pytorch 2.13.0"; empty when the file does not tell. */
  readonly producer: string;
  /** All nodes, those inside loops, branches and functions included. */
  readonly nodes: readonly OnnxNode[];
  /** The different operators, sorted. */
  readonly operators: readonly string[];
}

/**
 * Reads inputs, outputs, sizes and operators of an ONNX file; the weights are skipped.
 * @param path absolute path.
 * @throws Fault `model/onnx-…` as {@link readModel} does.
 */
export async function inspectOnnx(path: string): Promise<OnnxDescription> {
  return describeModel((await readModel(path, 'headers')).model);
}

/** The same of a model that has been read already. */
export function describeModel(model: OnnxModel): OnnxDescription {
  const initialised = new Set([
    ...model.graph.initializer.map(({ name }) => name),
    ...model.graph.sparseInitializer.map(({ values }) => values?.name ?? ''),
  ]);
  const nodes = nodesOf(model);
  const opsets = Object.fromEntries(
    model.opsetImport.map(({ domain, version }) => [domain || 'ai.onnx', Number(version)]),
  );
  return {
    inputs: model.graph.input.filter(({ name }) => !initialised.has(name)).map(portOf),
    outputs: model.graph.output.map(portOf),
    parameterCount: parameterCount(model),
    opset: opsets['ai.onnx'] ?? 0,
    opsets,
    irVersion: Number(model.irVersion),
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    nodes,
    operators: [...new Set(nodes.map(({ operator }) => operator))].sort(),
  };
}

/** `float32[batch, atom, 3]`, with `?` for what is open; `float32` alone where the rank is. */
export function portText({ dtype, dims }: Pick<OnnxPort, 'dtype' | 'dims'>): string {
  return dims ? `${dtype}[${dims.map((dim) => dim ?? '?').join(', ')}]` : `${dtype} of unstated rank`;
}

function nodesOf(model: ModelProto): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  for (const scope of scopesOf(model)) {
    for (const { name, opType, domain } of scope.node) {
      nodes.push({ name, operator: domain && domain !== 'ai.onnx' ? `${domain}.${opType}` : opType });
    }
  }
  return nodes;
}

function portOf({ name, type }: ValueInfoProto): OnnxPort {
  const tensor = type?.tensorType;
  return { name, dtype: type ? typeName(type) : 'unknown', dims: tensor ? dimsOf(tensor) : undefined };
}

function dimsOf({ shape }: TensorType): OnnxDim[] | undefined {
  return shape?.dim.map((dim) => {
    if (Object.hasOwn(dim, 'dimValue')) {
      const size = Number(dim.dimValue);
      // Some exporters write 0 or -1 where they mean "any size".
      return size > 0 ? size : undefined;
    }
    return dim.dimParam || undefined;
  });
}

function typeName(type: TypeProto): string {
  if (type.tensorType) return elementType(type.tensorType.elemType).name;
  if (type.sparseTensorType) return `sparse(${elementType(type.sparseTensorType.elemType).name})`;
  if (type.sequenceType) return `sequence(${innerName(type.sequenceType.elemType)})`;
  if (type.optionalType) return `optional(${innerName(type.optionalType.elemType)})`;
  if (type.mapType) {
    return `map(${elementType(type.mapType.keyType).name}, ${innerName(type.mapType.valueType)})`;
  }
  return 'unknown';
}

function innerName(type: TypeProto | undefined): string {
  return type ? typeName(type) : 'unknown';
}
