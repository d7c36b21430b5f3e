/** What is wrong with the text itself: lexing and parsing problems, one for each line, in people's words. */
import type { FindingCode } from '@noether/engine/catalog';
import type { IToken } from 'chevrotain';
import type { ParseResult } from 'langium';
import { lexingProblem } from './lexing-problems.ts';
import { parsingProblem, skippedItems } from './parsing-problems.ts';

/** A problem between two offsets of the text. */
export interface SyntaxProblem {
  readonly code: FindingCode;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly advice?: string;
  readonly start: number;
  readonly end: number;
  readonly repairs?: readonly TextRepair[];
  readonly related?: { readonly start: number; readonly end: number; readonly message: string };
}

export interface TextRepair {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The problems of a text in their order. Where the parser stumbles it often stumbles again over the rest of the line,
 * so only the first problem of a line is told.
 * @param tokens all tokens of the text, hidden ones left out.
 */
export function syntaxProblems(
  text: string,
  result: ParseResult,
  tokens: readonly IToken[],
): SyntaxProblem[] {
  const lexing = result.lexerErrors.map(({ offset }) => lexingProblem(text, offset));
  const parsing = result.parserErrors.map((error) => parsingProblem(text, error, tokens));
  const skipped = result.parserErrors.flatMap(({ resyncedTokens }) => skippedItems(resyncedTokens, tokens));
  const ordered = [...lexing, ...parsing, ...skipped].sort((a, b) => a.start - b.start);
  const lines = new Set<number>();
  return ordered.filter(({ start }) => {
    const line = lineOf(text, start);
    if (lines.has(line)) return false;
    lines.add(line);
    return true;
  });
}

/** 0-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}
