/**
 * The float64 twin of a graph: the same operators on the same weights, with every float32, float16 and bfloat16 turned
 * into float64. Rounding falls by eight digits, a broken symmetry stays. The weights themselves are exact in float64.
 */
import { widens } from './element-types.ts';
import { attributeOf, isGraph, isStandard, type Scope, scopesOf } from './graph-walk.ts';
import { integerAttribute, makeNode, tensorAttribute } from './make-node.ts';
import type { NodeProto, TensorProto } from './proto.ts';
import type { OnnxModel } from './read-model.ts';
import { doubleTensor, floatEntries } from './tensor-data.ts';
import { replaced } from './twin-replace.ts';
import { widenType, widenTypeAttributes } from './twin-types.ts';
import { type WeightLookup, weightLookup } from './twin-weights.ts';

/** Inputs that the standard fixes to float32 whatever the other ones are. */
const alwaysFloat32: Readonly<Record<string, readonly number[]>> = { Resize: [2], Upsample: [1] };

/**
 * Rewrites `model` in place; its floating inputs and outputs are float64 afterwards.
 * @returns the operators of the nodes that were kept, which the runtime must have in float64; sorted.
 */
export function widenModel(model: OnnxModel): string[] {
  const rewriting: Rewriting = {
    weights: weightLookup(model),
    opset: Number(model.opsetImport.find(isStandard)?.version ?? 0),
    kept: new Set(),
  };
  for (const scope of [...scopesOf(model)]) widenScope(scope, rewriting);
  return [...rewriting.kept].sort();
}

interface Rewriting {
  readonly weights: WeightLookup;
  readonly opset: number;
  readonly kept: Set<string>;
}

function widenScope(scope: Scope, rewriting: Rewriting): void {
  if (isGraph(scope)) {
    scope.initializer = scope.initializer.map(widenTensor);
    for (const sparse of scope.sparseInitializer) {
      if (sparse.values) sparse.values = widenTensor(sparse.values);
    }
    for (const value of [...scope.input, ...scope.output]) widenType(value.type);
  }
  for (const value of scope.valueInfo) widenType(value.type);
  scope.node = scope.node.flatMap((node) => widenNode(node, rewriting));
}

function widenTensor(tensor: TensorProto): TensorProto {
  return widens(tensor.dataType) ? doubleTensor(tensor.name, tensor.dims, floatEntries(tensor)) : tensor;
}

function widenNode(node: NodeProto, { weights, opset, kept }: Rewriting): NodeProto[] {
  if (!isStandard(node)) {
    kept.add(`${node.domain}.${node.opType}`);
    return [node];
  }
  widenTypeAttributes(node, opset);
  if (node.opType === 'Constant') widenConstant(node);
  if (node.opType === 'ConstantOfShape') widenFilling(node);
  const nodes = replaced(node, weights, opset);
  if (nodes.includes(node)) kept.add(node.opType);
  return [...narrowed(node), ...nodes];
}

/** A constant's number may be an array, a list, a single number, or a sparse array. */
function widenConstant(node: NodeProto): void {
  for (const [i, attribute] of node.attribute.entries()) {
    if (attribute.t) attribute.t = widenTensor(attribute.t);
    if (attribute.sparseTensor?.values) {
      attribute.sparseTensor.values = widenTensor(attribute.sparseTensor.values);
    }
    if (attribute.name === 'value_float') {
      node.attribute[i] = tensorAttribute('value', doubleTensor('', [], Float64Array.of(attribute.f)));
    }
    if (attribute.name === 'value_floats') {
      const entries = Float64Array.from(attribute.floats);
      node.attribute[i] = tensorAttribute('value', doubleTensor('', [entries.length], entries));
    }
  }
}

function widenFilling(node: NodeProto): void {
  const value = attributeOf(node, 'value');
  if (value?.t) value.t = widenTensor(value.t);
  else node.attribute.push(tensorAttribute('value', doubleTensor('', [1], Float64Array.of(0))));
}

/** Casts back for inputs that must stay float32; changes the node's inputs. */
function narrowed(node: NodeProto): NodeProto[] {
  const casts: NodeProto[] = [];
  for (const position of alwaysFloat32[node.opType] ?? []) {
    const name = node.input[position];
    if (!name) continue;
    const cast = `${node.output[0]}/float32/${position}`;
    casts.push(makeNode('Cast', [name], cast, [integerAttribute('to', 1)]));
    node.input[position] = cast;
  }
  return casts;
}
