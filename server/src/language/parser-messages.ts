/**
 * The parser's messages in plain words: "expected `on`, found `objects`". What is said about a place with more
 * knowledge of it is in parsing-problems.ts, which reads these messages back with {@link expectedOf}.
 */
import type { IToken, TokenType } from 'chevrotain';
import { LangiumParserErrorMessageProvider } from 'langium';
import { alternativesText, tokenText, tokenTypeText } from './syntax-words.ts';

export class EquiParserMessages extends LangiumParserErrorMessageProvider {
  override buildMismatchTokenMessage({ expected, actual }: { expected: TokenType; actual: IToken }): string {
    return message(tokenTypeText(expected), actual);
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: { firstRedundant: IToken }): string {
    return message('the end of the file', firstRedundant);
  }

  override buildNoViableAltMessage(options: {
    expectedPathsPerAlt: TokenType[][][];
    actual: IToken[];
  }): string {
    const first = options.expectedPathsPerAlt.flat().flatMap((path) => path[0] ?? []);
    return message(alternativesText(first), options.actual[0]);
  }

  override buildEarlyExitMessage(options: {
    expectedIterationPaths: TokenType[][];
    actual: IToken[];
  }): string {
    return message(
      alternativesText(options.expectedIterationPaths.flatMap((path) => path[0] ?? [])),
      options.actual[0],
    );
  }
}

function message(expected: string, actual: IToken | undefined): string {
  return `expected ${expected}, found ${tokenText(actual)}`;
}

/** The expectation inside a message of {@link EquiParserMessages}. */
export function expectedOf(text: string): string {
  return /^expected (.*), found /s.exec(text)?.[1] ?? '';
}
