/** Tokens of a CIF file (iucr.org, CIF 1.1): names, values, quoted values, and text between lines that start with ";". */
import { Fault } from '../../fault.ts';
import type { LineReader } from '../lines.ts';

export interface CifToken {
  /** A bare word may be a keyword or a name; what was quoted is always a value. */
  readonly kind: 'bare' | 'quoted';
  readonly text: string;
  readonly line: number;
}

/** One token after another. Throws `data/syntax` for a quote or a text block that is not closed. */
export function* cifTokens(lines: LineReader, file: string | undefined): Generator<CifToken, undefined> {
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    const line = lines.line;
    if (text.startsWith(';')) {
      yield { kind: 'quoted', text: blockOf(text, lines, line, file), line };
      continue;
    }
    yield* lineTokens(text, line, file);
  }
}

function blockOf(first: string, lines: LineReader, start: number, file: string | undefined): string {
  const block = [first.slice(1)];
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    if (text.startsWith(';')) return block.join('\n');
    block.push(text);
  }
  throw unclosed('The text block', ';', start, file);
}

function* lineTokens(text: string, line: number, file: string | undefined): Generator<CifToken, undefined> {
  let at = 0;
  for (;;) {
    while (at < text.length && isBlank(text[at]!)) at++;
    if (at >= text.length || text[at] === '#') return;
    const quote = text[at]!;
    if (quote === '"' || quote === "'") {
      // A quote ends the value only before a blank: 'O5' in "'O5''" is part of a name.
      let end = at + 1;
      while (
        end < text.length &&
        !(text[end] === quote && (end + 1 === text.length || isBlank(text[end + 1]!)))
      )
        end++;
      if (end >= text.length) throw unclosed('The quoted value', quote, line, file);
      yield { kind: 'quoted', text: text.slice(at + 1, end), line };
      at = end + 1;
      continue;
    }
    let end = at;
    while (end < text.length && !isBlank(text[end]!)) end++;
    yield { kind: 'bare', text: text.slice(at, end), line };
    at = end;
  }
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

function unclosed(what: string, mark: string, line: number, file: string | undefined): Fault {
  return new Fault({
    code: 'data/syntax',
    message: `${what} that starts on line ${line} is not closed`,
    expected: mark,
    found: 'the end',
    place: { file, line },
    advice: 'Correct the line, or download the file again.',
  });
}
