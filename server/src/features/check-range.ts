/** The part of a declaration that a late diagnostic underlines: its head, not its block. */
import { type AstNode, GrammarUtils } from 'langium';
import type { Range } from 'vscode-languageserver';
import { isCheck, isData, isModel } from '../language/index.ts';

export function headRange(node: AstNode): Range | undefined {
  const whole = node.$cstNode?.range;
  if (!whole) return undefined;
  if (isModel(node) || isData(node))
    return GrammarUtils.findNodeForProperty(node.$cstNode, 'name')?.range ?? whole;
  if (!isCheck(node)) return whole;
  const name = GrammarUtils.findNodeForProperty(node.$cstNode, 'name');
  const last = name ?? node.group?.$cstNode;
  return last ? { start: whole.start, end: last.range.end } : whole;
}
