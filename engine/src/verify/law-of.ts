/** Groups and directions of single factors, made once. */
import type { Group, GroupSpec } from '../group/group.ts';
import { createGroup } from '../group/index.ts';
import { type Direction, directionsOf } from './one-parameter.ts';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

interface FactorLaw {
  readonly group: Group;
  readonly directions: readonly Direction[];
}

const laws = new Map<string, FactorLaw>();

export function lawOf(factor: Factor): FactorLaw {
  const key = JSON.stringify(factor);
  let law = laws.get(key);
  if (!law) {
    const group = createGroup(factor);
    law = { group, directions: directionsOf(group) };
    laws.set(key, law);
  }
  return law;
}
