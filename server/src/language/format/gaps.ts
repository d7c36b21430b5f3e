/** What stands between two neighbouring pieces: nothing, spaces, or line breaks with an indent. */
import type { Block, Piece, Structure } from './structure.ts';

const indentWidth = 2;
/** Between entries of a block that is written on one line. */
const entryGap = '  ';
const opening = ['(', '[', '{'];
const closing = [')', ']', '}'];

/** The text before each piece, in their order. */
export function gapsOf(structure: Structure, text: string): string[] {
  const { pieces } = structure;
  const gaps: string[] = [];
  let block: Block | undefined;
  let brackets = 0;
  for (const [i, piece] of pieces.entries()) {
    const previous = pieces[i - 1];
    const before = block;
    if (!piece.comment) {
      const opened = structure.blocks.find(({ open }) => open === piece.offset);
      if (opened) {
        block = opened;
        brackets = 0;
      } else if (block?.close === piece.offset) {
        block = undefined;
        brackets = 0;
      } else if (structure.itemStarts.has(piece.offset)) {
        block = undefined;
        brackets = 0;
      } else if (closing.includes(piece.text)) {
        brackets--;
      }
    }
    gaps.push(previous ? gap(previous, piece, before, brackets) : '');
    if (!piece.comment && opening.includes(piece.text) && block?.open !== piece.offset) brackets++;
  }
  return gaps;

  function gap(previous: Piece, piece: Piece, before: Block | undefined, depth: number): string {
    const source = text.slice(previous.end, piece.offset);
    const breaks = source.split('\n').length - 1;
    const isOpen = before?.open === previous.offset;
    const isClose = before?.close === piece.offset;
    const isItem = structure.itemStarts.has(piece.offset);
    const isEntry = structure.entryStarts.has(piece.offset);
    const indent = before && !isClose ? indentWidth : 0;

    if (piece.comment) {
      // Behind code a comment stays where it is; on a line of its own it keeps one, at the indent of what follows.
      if (breaks === 0) return piece.comment === 'line' ? '  ' : ' ';
      return newLines(isOpen ? 1 : breaks, startsLine(piece) ? indent : continued(indent, depth));
    }
    if (isItem) return newLines(Math.max(breaks, 1), 0);
    if (isClose) {
      if (previous.comment === 'line') return newLines(1, 0);
      return before?.spread ? newLines(1, 0) : isOpen ? '' : ' ';
    }
    if (isEntry) {
      // Options may share a line; fields, inputs and outputs may not.
      const shares = breaks === 0 && !isOpen && structure.options.has(piece.offset);
      if (shares && !previous.comment) return entryGap;
      if (previous.comment === 'line' || (before?.spread && !(previous.comment && breaks === 0))) {
        return newLines(isOpen ? 1 : Math.max(breaks, 1), indent);
      }
      return isOpen || previous.comment ? ' ' : entryGap;
    }
    if (previous.comment === 'line') return newLines(1, continued(indent, depth));
    if (piece.text === '{' && structure.blocks.some(({ open }) => open === piece.offset)) return ' ';
    if (breaks > 0 && piece.text !== ',' && piece.text !== ':') {
      // A closing bracket stands below the line that opened it.
      const isClosing = closing.includes(piece.text);
      return newLines(1, isClosing ? indent + indentWidth * depth : continued(indent, depth));
    }
    return spaces(previous, piece);
  }

  /** A comment whose next code begins an item or an entry, or closes a block, belongs to that level. */
  function startsLine(comment: Piece): boolean {
    const next = pieces.find(({ offset, comment: also }) => offset > comment.offset && !also);
    return (
      !next ||
      structure.itemStarts.has(next.offset) ||
      structure.entryStarts.has(next.offset) ||
      structure.blocks.some(({ close }) => close === next.offset)
    );
  }

  function spaces(previous: Piece, piece: Piece): string {
    if (previous.comment) return ' ';
    if ([',', ':', ')', ']'].includes(piece.text)) return '';
    if (previous.text === '(' || previous.text === '[') return '';
    if (structure.tightBrackets.has(piece.offset) || structure.signs.has(previous.offset)) return '';
    return ' ';
  }
}

/** Lines that continue an entry or a header are indented once more, and once for each open bracket beyond that. */
function continued(indent: number, depth: number): number {
  return indent + indentWidth * Math.max(1, depth);
}

/** At most one blank line. */
function newLines(count: number, indent: number): string {
  return '\n'.repeat(Math.min(count, 2)) + ' '.repeat(indent);
}
