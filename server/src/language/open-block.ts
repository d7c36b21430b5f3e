/** Which bracket is still open at a token, and what it belongs to. */
import type { IToken } from 'chevrotain';
import { isItemKeyword } from './syntax-words.ts';

export interface OpenBracket {
  readonly bracket: IToken;
  /** What it belongs to: `data objects`, `position`. */
  readonly owner: string;
}

const closing: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/** The innermost bracket that is open before `tokens[end]`. */
export function openBracketAt(tokens: readonly IToken[], end: number): OpenBracket | undefined {
  const open: OpenBracket[] = [];
  let header: IToken[] = [];
  for (const [i, token] of tokens.slice(0, end).entries()) {
    const { image } = token;
    // An item keyword in front of a colon names a field; everywhere else it opens an item, so nothing is open there.
    if (isItemKeyword(image) && tokens[i + 1]?.image !== ':') {
      open.length = 0;
      header = [];
    }
    if (open.length === 0 && !(image in closing)) header.push(token);
    if (image in closing) {
      const owner = image === '{' ? headerText(header) : (tokens[i - 1]?.image ?? '');
      open.push({ bracket: token, owner });
    } else if (open.length && closing[open.at(-1)!.bracket.image] === image) {
      open.pop();
    }
  }
  return open.at(-1);
}

/** `data objects` of `data objects from "data/objects.npz"`. */
function headerText(header: readonly IToken[]): string {
  return header
    .slice(0, 2)
    .map(({ image }) => image)
    .join(' ');
}
