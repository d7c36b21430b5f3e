/** Characters that begin no word of the language: what was probably meant. */
import type { SyntaxProblem } from './syntax-problems.ts';

/** Says what is wrong with the character at `offset` of `text`. */
export function lexingProblem(text: string, offset: number): SyntaxProblem {
  const character = String.fromCodePoint(text.codePointAt(offset)!);
  const rest = text.slice(offset, lineEnd(text, offset));
  const at = { start: offset, end: offset + character.length, found: character };
  switch (character) {
    case '"':
      return {
        ...at,
        code: 'syntax/unclosed-text',
        end: offset + rest.trimEnd().length,
        message: 'this text is not closed: a `"` is missing on its line',
        expected: 'a closing `"`',
      };
    case "'": {
      const closing = rest.indexOf("'", 1);
      const end = closing < 0 ? offset + 1 : offset + closing + 1;
      const inside = text.slice(offset + 1, closing < 0 ? end : end - 1);
      return {
        ...at,
        code: 'syntax/single-quotes',
        end,
        message: 'a text is written in double quotes',
        expected: '`"`',
        repairs: closing < 0 ? [] : [{ title: 'Use double quotes', start: offset, end, text: `"${inside}"` }],
      };
    }
    case ';':
      return {
        ...at,
        code: 'syntax/semicolon',
        message: 'lines end without a semicolon',
        repairs: [{ title: 'Remove `;`', start: offset, end: offset + 1, text: '' }],
      };
    case '#':
      return {
        ...at,
        code: 'syntax/comment',
        end: offset + rest.trimEnd().length,
        message: 'a comment begins with `//`',
        expected: '`//`',
        repairs: [
          { title: 'Use `//`', start: offset, end: offset + (/^#+/.exec(rest)?.[0].length ?? 1), text: '//' },
        ],
      };
    case '.': {
      const digits = /^\.\d+([eE][+-]?\d+)?/.exec(rest)?.[0];
      if (digits) {
        return {
          ...at,
          code: 'syntax/number',
          end: offset + digits.length,
          message: `a number begins with a digit: \`0${digits}\``,
          expected: `0${digits}`,
          repairs: [{ title: `Change to \`0${digits}\``, start: offset, end: offset, text: '0' }],
        };
      }
      return {
        ...at,
        code: 'syntax/unexpected-character',
        message: 'a dot stands only inside numbers and texts',
        advice: 'Write a path in double quotes.',
      };
    }
    case '×':
    case '⊗':
    case '⋊':
      return {
        ...at,
        code: 'syntax/product',
        message: 'factors of a group are joined by `*`',
        expected: '`*`',
        repairs: [{ title: 'Change to `*`', start: offset, end: at.end, text: '*' }],
      };
    case '/':
      if (rest.startsWith('/*')) {
        return {
          ...at,
          code: 'syntax/unclosed-comment',
          end: offset + 2,
          message: 'this comment is not closed: `*/` is missing',
          expected: '`*/`',
        };
      }
      break;
  }
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `\`${character}\`` : `the character U+${code}`;
  return {
    ...at,
    code: 'syntax/unexpected-character',
    message: `${shown} has no meaning here`,
    advice: /\p{L}/u.test(character)
      ? 'Names are written with the letters a to z, digits and `_`; anything else goes into double quotes.'
      : undefined,
  };
}

function lineEnd(text: string, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end < 0 ? text.length : offset + end;
}
