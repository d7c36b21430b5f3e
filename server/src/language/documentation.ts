/** Doc comments: the `///` lines right above a declaration. */
import { type AstNode, AstUtils, type DocumentationProvider } from 'langium';

/**
 * The doc comment of a node, without its slashes, or `undefined`. Lines have to touch the declaration: a free comment
 * elsewhere documents nothing.
 */
export function docCommentOf(node: AstNode): string | undefined {
  const start = node.$cstNode?.range.start.line;
  if (start === undefined) return undefined;
  const { textDocument } = AstUtils.getDocument(node);
  const lines: string[] = [];
  for (let line = start - 1; line >= 0; line--) {
    const text = textDocument.getText({
      start: { line, character: 0 },
      end: { line: line + 1, character: 0 },
    });
    const match = /^\s*\/\/\/(.*)$/.exec(text.trimEnd());
    if (!match) break;
    lines.unshift(match[1]!.replace(/^ /, ''));
  }
  return lines.length ? lines.join('\n') : undefined;
}

export class EquiDocumentationProvider implements DocumentationProvider {
  getDocumentation(node: AstNode): string | undefined {
    return docCommentOf(node);
  }
}
