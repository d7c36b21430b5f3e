/**
 * The formatter: two-space indent, one space between words, two between the options of a one-line block, columns of
 * types and values. Only white space changes: the tokens and comments stay, in their order. Blocks on one line stay on
 * one line; a line break inside an entry is kept.
 */
import type { LangiumDocument } from 'langium';
import { AbstractFormatter } from 'langium/lsp';
import type { FormattingOptions, Range, TextEdit } from 'vscode-languageserver-types';
import { specificationOf } from '../uses.ts';
import { columnsOf } from './columns.ts';
import { gapsOf } from './gaps.ts';
import { structureOf } from './structure.ts';

export class EquiFormatter extends AbstractFormatter {
  /** Everything is done for the whole document at once. */
  protected override format(): void {}

  protected override doDocumentFormat(
    document: LangiumDocument,
    _options: FormattingOptions,
    range?: Range,
  ): TextEdit[] {
    const { textDocument } = document;
    const edits = formatEdits(document).map(({ start, end, newText }) => ({
      range: { start: textDocument.positionAt(start), end: textDocument.positionAt(end) },
      newText,
    }));
    return range ? edits.filter((edit) => this.insideRange(edit.range, range)) : edits;
  }
}

export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** White space to change, in the order of the text. The document has to be free of syntax errors. */
export function formatEdits(document: LangiumDocument): OffsetEdit[] {
  const specification = specificationOf(document);
  const text = document.textDocument.getText();
  if (!specification?.$cstNode) return [];
  const structure = structureOf(specification, text);
  const gaps = gapsOf(structure, text);
  const layout = structure.pieces.map((piece, i) => ({ ...piece, gap: gaps[i]! }));
  const columns = columnsOf(specification, structure.blocks, layout);
  // Windows' line ends are kept where the file has them.
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: OffsetEdit[] = [];
  let end = 0;
  const push = (start: number, stop: number, gap: string) => {
    const newText = gap.replaceAll('\n', lineEnd);
    if (text.slice(start, stop) !== newText) edits.push({ start, end: stop, newText });
  };
  for (const [i, piece] of structure.pieces.entries()) {
    const column = columns.get(piece.offset);
    push(end, piece.offset, column === undefined ? gaps[i]! : ' '.repeat(column));
    end = piece.end;
  }
  push(end, text.length, structure.pieces.length > 0 ? '\n' : '');
  return edits;
}
