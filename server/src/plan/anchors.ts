/** Where the parts of a plan stand in the text: for squiggles, lenses and line numbers. */
import { type AstNode, AstUtils } from 'langium';
import type { Range } from 'vscode-languageserver-types';
import { type EquiServices, rangeOf } from '../language/index.ts';

export interface NodeAnchor {
  readonly uri: string;
  /** Path in the syntax tree, as AstNodeLocator writes it: `/items@3`. It survives edits that move lines. */
  readonly path: string;
  /** In the text that the plan was built from, 0-based. */
  readonly range: Range;
}

/** One for each check of a plan, in the same order. */
export interface CheckAnchor {
  readonly id: string;
  readonly check: NodeAnchor;
  /** Declarations; in another file when they are used from there. */
  readonly model: NodeAnchor;
  readonly data: NodeAnchor;
  /** `SE(3) * S(point)`, in normal form. */
  readonly groupText: string;
}

export function anchorOf(node: AstNode, services: EquiServices): NodeAnchor {
  return {
    uri: AstUtils.getDocument(node).uri.toString(),
    path: services.workspace.AstNodeLocator.getAstNodePath(node),
    range: rangeOf({ node }),
  };
}
