/** What the formatter needs to know of a syntax tree, by offset in the text. */
import { type AstNode, AstUtils, CstUtils, GrammarUtils, type LeafCstNode } from 'langium';
import {
  isClaim,
  isComparison,
  isData,
  isEntry,
  isItem,
  isMeasure,
  isModel,
  isNumberValue,
  isPort,
  isTerm,
  isUse,
  type Specification,
} from '../generated/ast.ts';

/** A token or a comment. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  readonly comment: 'line' | 'block' | undefined;
}

/** `{ … }` of one item. */
export interface Block {
  readonly open: number;
  readonly close: number;
  /** Written over several lines; then every entry has its own. */
  readonly spread: boolean;
}

export interface Structure {
  readonly pieces: readonly Piece[];
  readonly itemStarts: ReadonlySet<number>;
  readonly entryStarts: ReadonlySet<number>;
  /** Entries that are options. */
  readonly options: ReadonlySet<number>;
  readonly blocks: readonly Block[];
  /** Opening brackets that touch what is before them: `S(` and `position[`. */
  readonly tightBrackets: ReadonlySet<number>;
  /** Minus signs that touch the number behind them. */
  readonly signs: ReadonlySet<number>;
}

export function structureOf(specification: Specification, text: string): Structure {
  const root = specification.$cstNode!;
  const pieces = CstUtils.flattenCst(root).map(pieceOf).toArray();
  const itemStarts = new Set<number>();
  const entryStarts = new Set<number>();
  const options = new Set<number>();
  const tightBrackets = new Set<number>();
  const signs = new Set<number>();
  const blocks: Block[] = [];
  for (const node of AstUtils.streamAllContents(specification)) {
    const start = node.$cstNode?.offset;
    if (start === undefined) continue;
    if (isItem(node) || isUse(node)) {
      itemStarts.add(start);
      const block = blockOf(node, pieces, text);
      if (block) blocks.push(block);
    }
    if (isEntry(node) || isPort(node) || (isComparison(node) && isClaim(node.$container)))
      entryStarts.add(start);
    if (isEntry(node) && !isData(node.$container)) options.add(start);
    if (isTerm(node) || isMeasure(node) || (isModel(node) && node.wrapper !== undefined)) {
      for (const bracket of ['(', '[']) {
        const open = GrammarUtils.findNodeForKeyword(node.$cstNode, bracket);
        if (open) tightBrackets.add(open.offset);
      }
    }
    if (isNumberValue(node) && node.negative) signs.add(start);
  }
  return { pieces, itemStarts, entryStarts, options, blocks, tightBrackets, signs };
}

function pieceOf(leaf: LeafCstNode): Piece {
  const { text, offset, end, hidden } = leaf;
  return { text, offset, end, comment: hidden ? (text.startsWith('//') ? 'line' : 'block') : undefined };
}

function blockOf(node: AstNode, pieces: readonly Piece[], text: string): Block | undefined {
  const open = GrammarUtils.findNodeForKeyword(node.$cstNode, '{')?.offset;
  const close = GrammarUtils.findNodeForKeyword(node.$cstNode, '}')?.offset;
  if (open === undefined || close === undefined) return undefined;
  const hasLineComment = pieces.some(
    ({ offset, comment }) => comment === 'line' && offset > open && offset < close,
  );
  return { open, close, spread: hasLineComment || text.slice(open, close).includes('\n') };
}
