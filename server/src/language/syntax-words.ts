/** Tokens in people's words. */
import type { IToken, TokenType } from 'chevrotain';
import { listText } from './closest.ts';

/** Keywords that open an item of the file. */
export const itemKeywords = [
  'data',
  'model',
  'check',
  'train',
  'benchmark',
  'compare',
  'discover',
  'claim',
  'use',
] as const;

export function isItemKeyword(image: string | undefined): boolean {
  return (itemKeywords as readonly string[]).includes(image ?? '');
}

/** What an item is called, for messages about it: `data objects`, `check steady on objects`. */
export const wordKeywords = ['from', 'is', 'on', 'under', 'as', 'with', 'within', 'input', 'output'] as const;

/** A kind of token as a message expects it: "a name", "`on`". */
export function tokenTypeText(type: TokenType): string {
  switch (type.name) {
    case 'ID':
      return 'a name';
    case 'STRING':
      return 'a text in quotes';
    case 'NUMBER':
      return 'a number';
    case 'EOF':
      return 'the end of the file';
    default:
      return `\`${type.LABEL ?? type.name}\``;
  }
}

/** Alternatives as a phrase. A place that takes any word says "a name" and not also each keyword. */
export function alternativesText(types: readonly TokenType[]): string {
  const texts = [...new Set(types.map(tokenTypeText))];
  const takesWords = texts.includes('a name');
  const shown = takesWords ? texts.filter((text) => !isWordKeyword(text)) : texts;
  return listText(shown);
}

function isWordKeyword(text: string): boolean {
  return (wordKeywords as readonly string[]).includes(text.replaceAll('`', ''));
}

export function isEnd(token: IToken | undefined): boolean {
  return token === undefined || token.tokenType.name === 'EOF' || Number.isNaN(token.startOffset);
}

/** What a token is, as found: "`undr`", "the text \"a\"", "the end of the file". */
export function tokenText(token: IToken | undefined): string {
  if (!token || isEnd(token)) return 'the end of the file';
  if (token.tokenType.name === 'STRING') return `the text ${token.image}`;
  if (token.tokenType.name === 'NUMBER') return `the number ${token.image}`;
  return `\`${token.image}\``;
}
