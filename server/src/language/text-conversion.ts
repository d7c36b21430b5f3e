/** Text of tokens -> values. */
import { type CstNode, DefaultValueConverter, type GrammarAST, type ValueType } from 'langium';

/**
 * The content of a quoted text. Only `\"` and `\\` are escapes: paths of Windows, `"data\new.npz"`, keep their
 * backslashes.
 */
export function unquote(token: string): string {
  return token.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

export class EquiValueConverter extends DefaultValueConverter {
  protected override runConverter(rule: GrammarAST.AbstractRule, input: string, cstNode: CstNode): ValueType {
    return rule.name === 'STRING' ? unquote(input) : super.runConverter(rule, input, cstNode);
  }
}
