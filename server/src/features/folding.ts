/** Folding: the blocks of items and runs of comments; not every nested value, as would be the default. */
import type { AstNode, LangiumDocument } from 'langium';
import { DefaultFoldingRangeProvider } from 'langium/lsp';
import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { isItem } from '../language/index.ts';

export class EquiFoldingRangeProvider extends DefaultFoldingRangeProvider {
  override async getFoldingRanges(document: LangiumDocument): Promise<FoldingRange[]> {
    const blocks: FoldingRange[] = [];
    this.collectFolding(document, (range) => blocks.push(range));
    return [...blocks, ...commentRuns(document.textDocument.getText())];
  }

  protected override shouldProcess(node: AstNode): boolean {
    return isItem(node);
  }

  protected override shouldProcessContent(node: AstNode): boolean {
    return !isItem(node);
  }
}

/** Two or more lines of `//` comments that follow one another. */
function commentRuns(text: string): FoldingRange[] {
  const runs: FoldingRange[] = [];
  let start = -1;
  const lines = text.split('\n');
  for (let i = 0; i <= lines.length; i++) {
    const isComment = /^\s*\/\//.test(lines[i] ?? '');
    if (isComment && start < 0) start = i;
    if (isComment || start < 0) continue;
    if (i - start > 1) runs.push({ startLine: start, endLine: i - 1, kind: FoldingRangeKind.Comment });
    start = -1;
  }
  return runs;
}
