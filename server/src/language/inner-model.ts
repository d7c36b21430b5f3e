/** Through the wrappers of a model, in the text. */
import type { Model } from './generated/ast.ts';

/** The model inside of all wrappers; itself where there are none, or where they lead round in a circle. */
export function innerModel(model: Model): Model {
  const chain = chainOf(model);
  return chain.circular ? model : chain.last;
}

/** Whether following the wrapped models leads back to where it has been. */
export function isCircular(model: Model): boolean {
  return chainOf(model).circular;
}

function chainOf(model: Model): { readonly last: Model; readonly circular: boolean } {
  const seen = new Set<Model>();
  let last = model;
  for (let one: Model | undefined = model; one; one = one.inner?.ref) {
    if (seen.has(one)) return { last, circular: true };
    seen.add(one);
    last = one;
  }
  return { last, circular: false };
}
