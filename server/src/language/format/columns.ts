/** Columns: which pieces get more than one space before them, so that neighbouring lines line up. */
import type { AstNode } from 'langium';
import { GrammarUtils } from 'langium';
import {
  type Check,
  type Entry,
  type Item,
  isCheck,
  isModel,
  isPort,
  type Model,
  type Port,
  type Specification,
} from '../generated/ast.ts';
import type { Block, Piece } from './structure.ts';

/** A piece with what stands before it. */
export interface LaidPiece extends Piece {
  readonly gap: string;
}

/** Spaces before the piece that begins at an offset. */
export type Columns = ReadonlyMap<number, number>;

/** A line with its cells: each begins at an offset and has the width of what stands before it. */
interface Line {
  readonly node: AstNode;
  readonly cells: readonly { readonly offset: number; readonly before: number }[];
}

/** @param layout the pieces with the gaps that they get without columns. */
export function columnsOf(
  specification: Specification,
  blocks: readonly Block[],
  layout: readonly LaidPiece[],
): Columns {
  const columns = new Map<number, number>();
  const { items } = specification;
  align(items, (item) => (isCheck(item) ? checkLine(item) : undefined));
  align(items, (item) => (isModel(item) ? modelLine(item) : undefined));
  for (const item of items) {
    const block = blocks.find(({ open }) => inside(item, open));
    if (!block?.spread) continue;
    const ports = isModel(item) ? item.ports : [];
    const rows = [...ports, ...item.entries].sort((a, b) => a.$cstNode!.offset - b.$cstNode!.offset);
    align(rows, (row) => (isPort(row) ? portLine(row) : entryLine(row)));
  }
  return columns;

  /** Lines up the cells of lines that follow each other directly; whatever makes no line ends a run. */
  function align<T extends AstNode>(nodes: readonly T[], lineOf: (node: T) => Line | undefined): void {
    let run: Line[] = [];
    const finish = () => {
      const width = Math.max(0, ...run.map(({ cells }) => cells.length));
      for (let column = 0; column < width; column++) {
        const cells = run.flatMap((line) => line.cells[column] ?? []);
        const widest = Math.max(...cells.map(({ before }) => before));
        for (const { offset, before } of cells) columns.set(offset, widest - before + 1);
      }
      run = [];
    };
    for (const node of nodes) {
      const line = lineOf(node);
      const last = run.at(-1);
      if (!line || !isOneLine(line) || !isAlone(node)) {
        finish();
        continue;
      }
      if (last && (!sameShape(last, line) || !areNeighbours(last.node, node))) finish();
      run.push(line);
    }
    finish();
  }

  /** Written on one line, without comments inside. */
  function isOneLine({ node, cells }: Line): boolean {
    const { offset, end } = node.$cstNode!;
    const inner = layout.filter((piece) => piece.offset > offset && piece.offset < end);
    return cells.length > 0 && !inner.some(({ comment, gap }) => comment || gap.includes('\n'));
  }

  /** No other entry on its line. */
  function isAlone({ $cstNode }: AstNode): boolean {
    const { offset, end } = $cstNode!;
    const first = layout.findIndex((piece) => piece.offset === offset);
    const behind = layout.find((piece) => piece.offset >= end && !piece.comment);
    const begins = first === 0 || layout[first]!.gap.includes('\n');
    return begins && (!behind || behind.gap.includes('\n'));
  }

  /** Nothing but comments between the two, and no blank line. */
  function areNeighbours(a: AstNode, b: AstNode): boolean {
    const { end } = a.$cstNode!;
    const { offset } = b.$cstNode!;
    const between = layout.filter((piece) => piece.offset >= end && piece.offset <= offset);
    return between.at(-1)!.gap.includes('\n') && !between.some(({ gap }) => gap.includes('\n\n'));
  }
}

function sameShape(a: Line, b: Line): boolean {
  return a.cells.length === b.cells.length;
}

function inside(item: Item, offset: number): boolean {
  return item.$cstNode!.offset <= offset && offset < item.$cstNode!.end;
}

function property(node: AstNode, name: string) {
  return GrammarUtils.findNodeForProperty(node.$cstNode, name);
}

function keyword(node: AstNode, name: string) {
  return GrammarUtils.findNodeForKeyword(node.$cstNode, name);
}

/** `check NAME on NAME under`. */
function checkLine(check: Check): Line | undefined {
  const model = property(check, 'model');
  const data = property(check, 'data');
  const on = keyword(check, 'on');
  const under = keyword(check, 'under');
  if (!model || !data || !on || !under) return undefined;
  return {
    node: check,
    cells: [
      { offset: on.offset, before: model.length },
      { offset: under.offset, before: data.length },
    ],
  };
}

/** `model NAME is`, `model NAME from` or `model NAME =`. */
function modelLine(model: Model): Line | undefined {
  const name = property(model, 'name');
  const verb = keyword(model, 'is') ?? keyword(model, 'from') ?? keyword(model, '=');
  if (!name || !verb) return undefined;
  return { node: model, cells: [{ offset: verb.offset, before: name.length }] };
}

/** `NAME: VALUE`. */
function entryLine(entry: Entry): Line | undefined {
  const name = property(entry, 'name');
  const value = property(entry, 'value');
  if (!name || !value) return undefined;
  return { node: entry, cells: [{ offset: value.offset, before: name.length }] };
}

/** `input NAME: TYPE`. */
function portLine(port: Port): Line | undefined {
  const direction = property(port, 'direction');
  const name = property(port, 'name');
  const type = property(port, 'type');
  if (!direction || !name || !type) return undefined;
  return {
    node: port,
    cells: [
      { offset: name.offset, before: direction.length },
      { offset: type.offset, before: name.length },
    ],
  };
}
