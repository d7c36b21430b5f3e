/** Edits of blocks: set an option, add a line. */
import { GrammarUtils } from 'langium';
import type { Position, TextEdit } from 'vscode-languageserver';
import type { Check, Data, Entry, Model } from '../language/index.ts';

/** Sets `name: value` in the block of `item`: changes the entry, adds one, or adds a block. */
export function setEntry(item: Check | Data | Model, name: string, value: string): TextEdit | undefined {
  const entry = item.entries.find((each) => each.name === name);
  const old = entry?.value?.$cstNode;
  if (old) return { range: old.range, newText: value };
  return addEntry(item, `${name}: ${value}`);
}

/** Adds an entry or a port behind the last one, on a line of its own where the block has several lines. */
export function addEntry(item: Check | Data | Model, text: string): TextEdit | undefined {
  const whole = item.$cstNode;
  if (!whole) return undefined;
  const close = GrammarUtils.findNodeForKeyword(whole, '}');
  if (!close) return insert(whole.range.end, ` { ${text} }`);
  const open = GrammarUtils.findNodeForKeyword(whole, '{')!;
  const members: readonly { $cstNode?: Entry['$cstNode'] }[] = [
    ...item.entries,
    ...('ports' in item ? item.ports : []),
  ];
  const ends = members.flatMap(({ $cstNode }) => $cstNode?.range.end ?? []);
  const last = ends.sort((a, b) => a.line - b.line || a.character - b.character).at(-1) ?? open.range.end;
  const multiline = close.range.start.line > open.range.end.line;
  if (multiline) return insert(last, `\n  ${text}`);
  // `{ a: 1 }` keeps its blank in front of the brace; `{}` gets both of its blanks here.
  const gap = close.offset > open.end ? '' : ' ';
  return insert(last, `${ends.length ? '  ' : ' '}${text}${gap}`);
}

function insert(position: Position, newText: string): TextEdit {
  return { range: { start: position, end: position }, newText };
}
