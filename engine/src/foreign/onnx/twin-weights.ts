/** Looking up constant arrays by name while a graph is rewritten. */
import { attributeOf, isGraph, isStandard, scopesOf } from './graph-walk.ts';
import type { ModelProto, TensorProto } from './proto.ts';

/** The array that a value always is, or `undefined` when it is computed. */
export type WeightLookup = (name: string) => TensorProto | undefined;

/** Initialisers and Constant nodes of all graphs. Names that mean different things in different graphs are left out. */
export function weightLookup(model: ModelProto): WeightLookup {
  const found = new Map<string, TensorProto | undefined>();
  const add = (name: string, tensor: TensorProto) => found.set(name, found.has(name) ? undefined : tensor);
  for (const scope of scopesOf(model)) {
    if (isGraph(scope)) for (const tensor of scope.initializer) add(tensor.name, tensor);
    for (const node of scope.node) {
      const value =
        node.opType === 'Constant' && isStandard(node) ? attributeOf(node, 'value')?.t : undefined;
      if (value) add(node.output[0] ?? '', value);
    }
  }
  return (name) => found.get(name);
}
