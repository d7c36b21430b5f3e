/** From a node of the syntax tree to the state of its check. */

import type { AstNode } from 'langium';
import { type Check as CheckNode, type Item, isCheck } from '../language/index.ts';
import type { Check } from './check.ts';

/** Path of an item in its document, as AstNodeLocator writes it. */
export function pathOf(item: Item): string {
  return `/${item.$containerProperty}@${item.$containerIndex}`;
}

/** The check that a node stands for. */
export function checkOf(node: CheckNode, checks: readonly Check[]): Check | undefined {
  const path = pathOf(node);
  return checks.find((check) => check.path === path && standsFor(node, check));
}

/**
 * While the text is broken the paths are those of its last sound state, and another check may stand there now.
 */
export function standsFor(node: AstNode | undefined, { plan }: Check): boolean {
  return isCheck(node) && node.model?.$refText === plan.model.name && node.data?.$refText === plan.data.name;
}
