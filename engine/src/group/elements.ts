/** All elements of a small finite group. */

import type { IndexSizes } from '../signature.ts';
import type { Group, GroupElement } from './group.ts';

/**
 * Every element once, the identity first, by multiplying with the generators until nothing new comes.
 * @returns `undefined` when the group is not finite or has more than `most` elements.
 */
export function elementsOf(group: Group, sizes: IndexSizes, most: number): GroupElement[] | undefined {
  const order = group.order(sizes);
  if (order === undefined || order > most) return undefined;
  const generators = group.generators(sizes);
  const identity = group.identity(sizes);
  const seen = new Map([[JSON.stringify(identity), identity]]);
  // A map is walked in the order of insertion, what is added on the way included.
  for (const element of seen.values()) {
    for (const generator of generators) {
      const next = group.compose(generator, element);
      const key = JSON.stringify(next);
      if (!seen.has(key)) seen.set(key, next);
    }
  }
  return [...seen.values()];
}
