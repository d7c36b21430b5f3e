/**
 * How many trainable numbers an ONNX graph has. The format does not mark them, so this is a rule:
 *
 * - every entry of a floating initialiser (the stored ones of a sparse one) and of the floating tensor of a Constant node,
 * - where it has at least one axis: rank-0 ones are the eps, 0.5 and sqrt(2) of the exporter,
 * - an integer initialiser that DequantizeLinear turns into floats (the weights of a quantised net),
 * - and not what is only used as running statistics or as a scale of resampling ({@link notWeights}).
 *
 * Shared arrays count once. The other numbers that a net may store (an RBF's centres, a table of masses) cannot be told
 * from weights and count.
 */
import { elementType } from './element-types.ts';
import { attributeOf, isGraph, isStandard, type Scope, scopesOf } from './graph-walk.ts';
import type { ModelProto, NodeProto, TensorProto } from './proto.ts';
import { entryCount } from './tensor-data.ts';

/** Inputs of operators that are floating, have an axis, and are not trained. */
const notWeights: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  Resize: [1, 2],
  Upsample: [1],
  QuantizeLinear: [1],
  DequantizeLinear: [1],
};

/** See the rule at the top of this file. NaN never comes out: arrays with impossible dims count as nothing. */
export function parameterCount(model: ModelProto): number {
  const uses = usesOf(model);
  let count = 0;
  for (const scope of scopesOf(model)) {
    for (const [name, tensor, entries] of arraysOf(scope)) {
      if (isWeight(tensor, uses.get(name) ?? [])) count += entries || 0;
    }
  }
  return count;
}

type Use = { readonly node: NodeProto; readonly position: number };

function usesOf(model: ModelProto): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const scope of scopesOf(model)) {
    for (const node of scope.node) {
      node.input.forEach((name, position) => {
        const list = uses.get(name);
        if (list) list.push({ node, position });
        else uses.set(name, [{ node, position }]);
      });
    }
  }
  return uses;
}

function* arraysOf(scope: Scope): Generator<readonly [name: string, tensor: TensorProto, entries: number]> {
  if (isGraph(scope)) {
    for (const tensor of scope.initializer) yield [tensor.name, tensor, entryCount(tensor)];
    for (const { values } of scope.sparseInitializer) {
      if (values) yield [values.name, values, entryCount(values)];
    }
  }
  for (const node of scope.node) {
    if (node.opType !== 'Constant' || !isStandard(node)) continue;
    const name = node.output[0] ?? '';
    const value = attributeOf(node, 'value')?.t ?? attributeOf(node, 'sparse_value')?.sparseTensor?.values;
    if (value) yield [name, value, entryCount(value)];
    const floats = attributeOf(node, 'value_floats')?.floats;
    if (floats) yield [name, { dims: [floats.length], dataType: 1 } as unknown as TensorProto, floats.length];
  }
}

function isWeight(tensor: TensorProto, uses: readonly Use[]): boolean {
  if (tensor.dims.length === 0) return false;
  const aside = ({ node, position }: Use) =>
    isStandard(node) && (notWeights[node.opType]?.includes(position) ?? false);
  if (uses.length > 0 && uses.every(aside)) return false;
  if (elementType(tensor.dataType).floating) return true;
  return uses.some(({ node, position }) => node.opType === 'DequantizeLinear' && position === 0);
}
