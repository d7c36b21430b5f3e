/** A parser error -> what a person would say about that place. */
import type { IRecognitionException, IToken } from 'chevrotain';
import { closest } from './closest.ts';
import { openBracketAt } from './open-block.ts';
import { expectedOf } from './parser-messages.ts';
import { lineOf, type SyntaxProblem, type TextRepair } from './syntax-problems.ts';
import { isEnd, isItemKeyword, itemKeywords, tokenText } from './syntax-words.ts';

/** What is known about the place of an error. */
interface Place {
  readonly text: string;
  readonly tokens: readonly IToken[];
  /** Index of the offending token; `tokens.length` at the end of the file. */
  readonly at: number;
  readonly token: IToken | undefined;
  readonly previous: IToken | undefined;
  readonly next: IToken | undefined;
  /** The parser's expectation: "`on`", "a name". */
  readonly expected: string;
  /** Innermost rule first: ['Check', 'Item', 'Specification']. */
  readonly rules: readonly string[];
}

/** What a rule below says: everything but the place, unless it knows a better one. */
type Saying = Omit<SyntaxProblem, 'start' | 'end'> & Partial<Pick<SyntaxProblem, 'start' | 'end'>>;

export function parsingProblem(
  text: string,
  error: IRecognitionException,
  tokens: readonly IToken[],
): SyntaxProblem {
  const place = placeOf(text, error, tokens);
  const saying =
    outsideOfItems(place) ??
    equals(place) ??
    unwrapped(place) ??
    missingValue(place) ??
    unclosedBracket(place) ??
    comma(place) ??
    quotes(place) ??
    reservedName(place) ??
    misspelt(place) ??
    plain(place);
  const found = tokenText(place.token);
  const { start, end } = spanOf(place);
  return { found, expected: place.expected, start, end, ...saying };
}

function placeOf(text: string, error: IRecognitionException, tokens: readonly IToken[]): Place {
  const found = isEnd(error.token)
    ? -1
    : tokens.findIndex(({ startOffset }) => startOffset === error.token.startOffset);
  const at = found < 0 ? tokens.length : found;
  return {
    text,
    tokens,
    at,
    token: tokens[at],
    previous: tokens[at - 1],
    next: tokens[at + 1],
    expected: expectedOf(error.message),
    // Langium ends its rule names with an invisible character.
    rules: error.context.ruleStack.map((rule) => rule.replace(/[^\w]/g, '')).reverse(),
  };
}

/** The offending token; at the end of the file, the last token that there is. */
function spanOf({ token, previous }: Place): { start: number; end: number } {
  const shown = token ?? previous;
  return shown ? { start: shown.startOffset, end: shown.endOffset! + 1 } : { start: 0, end: 0 };
}

function replace(token: IToken, text: string): TextRepair {
  return { title: `Change to \`${text}\``, start: token.startOffset, end: token.endOffset! + 1, text };
}

function outsideOfItems({ rules, expected, token, tokens, at }: Place): Saying | undefined {
  if (expected !== 'the end of the file' || (rules.length > 0 && rules[0] !== 'Specification'))
    return undefined;
  const items = `\`${itemKeywords.slice(0, -1).join('`, `')}\` or \`${itemKeywords.at(-1)}\``;
  if (token && [')', ']', '}'].includes(token.image)) {
    return {
      code: 'syntax/nothing-open',
      message: `this \`${token.image}\` closes nothing`,
      expected: items,
      repairs: [
        { title: `Remove \`${token.image}\``, start: token.startOffset, end: token.endOffset! + 1, text: '' },
      ],
    };
  }
  const near = token && closest(token.image, itemKeywords);
  // After a complete check only its own parts or a new item can follow.
  const inCheck = token && !near && isAfterCheck(tokens, at) && closest(token.image, ['as']);
  return {
    code: 'syntax/unknown-item',
    message: near
      ? `${tokenText(token)} begins nothing; did you mean \`${near}\`?`
      : inCheck
        ? `${tokenText(token)} is not expected here; did you mean \`as\`?`
        : `${tokenText(token)} begins nothing that Noether knows`,
    expected: items,
    advice: near || inCheck ? undefined : adviceOutside(token, items),
    repairs: token && near ? [replace(token, near)] : token && inCheck ? [replace(token, 'as')] : [],
  };
}

function adviceOutside(token: IToken | undefined, items: string): string {
  if (token && closest(token.image, ['group']))
    return 'A check names its group after `under`: `check MODEL on DATA under SE(3)`.';
  return `A line begins with ${items}.`;
}

/** Lines that the parser passed over on its way to the next item, when they seem to begin one themselves. */
export function skippedItems(passedOver: readonly IToken[], tokens: readonly IToken[]): SyntaxProblem[] {
  return passedOver.flatMap((token) => {
    const at = tokens.findIndex(({ startOffset }) => startOffset === token.startOffset);
    const isFirst = tokens[at - 1]?.endLine !== token.startLine;
    const near = closest(token.image, itemKeywords);
    if (!isFirst || !near || token.tokenType.name !== 'ID' || tokens[at + 1]?.image === ':') return [];
    return [
      {
        code: 'syntax/unknown-item' as const,
        message: `${tokenText(token)} begins nothing; did you mean \`${near}\`?`,
        expected: `\`${near}\``,
        found: tokenText(token),
        start: token.startOffset,
        end: token.endOffset! + 1,
        repairs: [replace(token, near)],
      },
    ];
  });
}

function isAfterCheck(tokens: readonly IToken[], at: number): boolean {
  const opener = tokens.slice(0, at).findLast(({ image }) => isItemKeyword(image));
  return opener?.image === 'check';
}

/** `hidden = 32`. Only a model that wraps another one has an equals sign. */
function equals({ token }: Place): Saying | undefined {
  if (token?.image !== '=') return undefined;
  return {
    code: 'syntax/equals',
    message: 'a value follows a colon, not an equals sign',
    expected: '`:`',
    repairs: [replace(token, ':')],
  };
}

/** `model steady = Rapidash { … }` or `model safe = net`: what follows `=` takes a model in brackets. */
function unwrapped({ rules, expected, tokens, at, token, previous }: Place): Saying | undefined {
  const sign = tokens[at - 2];
  if (rules[0] === 'Model' && expected === '`)`' && token?.image === '(' && previous) {
    return {
      code: 'syntax/nested-wrapper',
      message: `a wrapper takes the name of a model, and \`${previous.image}(…)\` has none`,
      expected: 'the name of a model',
      found: `\`${previous.image}(\``,
      start: previous.startOffset,
      advice: `Declare what is inside as a model of its own, \`model inner = ${previous.image}(…)\`, and wrap \`inner\`.`,
    };
  }
  if (rules[0] !== 'Model' || expected !== '`(`' || sign?.image !== '=' || !previous) return undefined;
  return {
    code: 'syntax/unwrapped-model',
    message: `\`=\` wraps another model, as in \`= framed(net)\`; a family follows \`is\``,
    expected: 'a wrapper with its model in brackets',
    found: tokenText(previous),
    start: sign.startOffset,
    end: previous.endOffset! + 1,
    repairs: [replace(sign, 'is')],
  };
}

/** `positions:` and then the next entry: the parser took its name for the value. */
function missingValue({ token, previous, tokens, at, expected }: Place): Saying | undefined {
  const before = tokens[at - 2];
  const name = tokens[at - 3];
  if (token?.image === ':' && expected === '`}`' && previous && before?.image === ':' && name) {
    return {
      code: 'syntax/missing-value',
      message: `\`${name.image}\` has no value: something is missing between its colon and \`${previous.image}\``,
      expected: 'a value or a type',
      found: `\`${previous.image}:\``,
      start: name.startOffset,
      end: before.endOffset! + 1,
    };
  }
  if (
    previous?.image === ':' &&
    before &&
    (token === undefined || token.image === '}' || isItemKeyword(token.image))
  ) {
    return {
      code: 'syntax/missing-value',
      message: `\`${before.image}\` has no value after its colon`,
      expected: 'a value or a type',
      start: before.startOffset,
      end: previous.endOffset! + 1,
    };
  }
  return undefined;
}

function unclosedBracket({ text, tokens, at, token, previous, expected }: Place): Saying | undefined {
  const wanted = /^`([)\]}])`$/.exec(expected)?.[1];
  const endsItem = token === undefined || isItemKeyword(token.image) || [')', ']', '}'].includes(token.image);
  if (!wanted || !endsItem || !previous) return undefined;
  const open = openBracketAt(tokens, at);
  if (!open || { '{': '}', '(': ')', '[': ']' }[open.bracket.image] !== wanted) return undefined;
  const line = lineOf(text, open.bracket.startOffset) + 1;
  const before = token ? ` before ${tokenText(token)}` : '';
  const end = previous.endOffset! + 1;
  const insertion = wanted === '}' ? '\n}' : wanted;
  return {
    code: wanted === '}' ? 'syntax/unclosed-block' : 'syntax/unclosed-bracket',
    message:
      wanted === '}'
        ? `the block of \`${open.owner}\`, opened on line ${line}, is not closed${before}: a \`}\` is missing`
        : `the \`${open.bracket.image}\` after \`${open.owner}\` is not closed${before}: a \`${wanted}\` is missing`,
    repairs: [{ title: `Insert \`${wanted}\``, start: end, end, text: insertion }],
    related: {
      start: open.bracket.startOffset,
      end: open.bracket.endOffset! + 1,
      message: `this \`${open.bracket.image}\` is not closed`,
    },
  };
}

function comma({ token, expected, rules, next, previous }: Place): Saying | undefined {
  if (token?.image === ',' && expected === '`}`') {
    return {
      code: 'syntax/comma',
      message: 'entries of a block follow each other without commas',
      expected: 'a space or a new line',
      repairs: [{ title: 'Remove `,`', start: token.startOffset, end: token.endOffset! + 1, text: '' }],
    };
  }
  if (rules[0] === 'Benchmark' && expected === '`on`' && token?.tokenType.name === 'ID' && previous) {
    const isNameOfData = next === undefined || closest(token.image, ['on']) !== undefined;
    if (isNameOfData) return undefined;
    const end = previous.endOffset! + 1;
    return {
      code: 'syntax/missing-comma',
      message: `the models of a benchmark are separated by commas: one is missing before \`${token.image}\``,
      expected: '`,` or `on`',
      repairs: [{ title: 'Insert `,`', start: end, end, text: ',' }],
    };
  }
  return undefined;
}

/** A path or text that was written without its quotes. */
function quotes({ text, token, expected, previous }: Place): Saying | undefined {
  if (expected !== 'a text in quotes' || !token || !previous) return undefined;
  const bare = /^[^\s"'{}]+/.exec(text.slice(token.startOffset))?.[0];
  if (!bare) return undefined;
  const what = previous.image === 'claim' ? 'what a claim says' : `the path after \`${previous.image}\``;
  return {
    code: 'syntax/missing-quotes',
    message: `${what} is written in double quotes: \`"${bare}"\``,
    found: `\`${bare}\``,
    end: token.startOffset + bare.length,
    repairs: [
      {
        title: `Change to \`"${bare}"\``,
        start: token.startOffset,
        end: token.startOffset + bare.length,
        text: `"${bare}"`,
      },
    ],
  };
}

/** A keyword, or a number, where a name has to stand. */
function reservedName({ token, expected, previous }: Place): Saying | undefined {
  if (!token || !previous) return undefined;
  const isKeyword = /^[a-z]+$/.test(token.image) && token.tokenType.name !== 'ID';
  if (expected === 'a name' && isKeyword && ['data', 'model', 'as'].includes(previous.image)) {
    return {
      code: 'syntax/reserved-name',
      message: `\`${token.image}\` is a word of the language and cannot name ${previous.image === 'as' ? 'a check' : previous.image === 'data' ? 'data' : 'a model'}`,
      expected: 'another name',
      repairs: [replace(token, `${token.image}_`)],
    };
  }
  if (expected === 'a name' && token.tokenType.name === 'NUMBER') {
    return {
      code: 'syntax/name',
      message: `a name begins with a letter or \`_\`, not with ${tokenText(token)}`,
    };
  }
  return undefined;
}

function misspelt({ token, expected }: Place): Saying | undefined {
  if (token?.tokenType.name !== 'ID') return undefined;
  const keywords = [...expected.matchAll(/`([a-z]+)`/g)].map((match) => match[1]!);
  const near = closest(token.image, keywords);
  if (!near) return undefined;
  return {
    code: 'syntax/unknown-keyword',
    message: `expected ${expected}, found \`${token.image}\`; did you mean \`${near}\`?`,
    repairs: [replace(token, near)],
  };
}

/** What a rule wants, said better than by its first token. */
const wants: Readonly<Record<string, string>> = {
  GroupExpression: 'a group, such as `SE(3)`',
  AxisExpression: 'the name of an index set or a size',
  Value: 'a value or a type',
  Comparison: 'a comparison: `<`, `>`, `<=` or `>=`',
  Primary: 'a measure, such as `accuracy(model, data)`, or a number',
};

function plain({ rules, expected, token, previous }: Place): Saying {
  const rule = rules.find((name) => !['Word', 'Term', 'Argument', 'Axes'].includes(name)) ?? '';
  const opensName = expected.startsWith('a name') || rule === 'Comparison';
  let wanted = (opensName && wants[rule]) || expected;
  if (expected === 'a text in quotes')
    wanted = rule === 'Claim' ? 'what is claimed, in quotes' : 'a path in quotes';
  if (rule === 'Check' && expected === 'a name')
    wanted = previous?.image === 'on' ? 'the name of data' : 'the name of a model';
  const after = previous ? `${wanted.includes(', such as') ? ',' : ''} after ${tokenText(previous)}` : '';
  return {
    code: 'syntax/unexpected',
    message: `expected ${wanted}${after}, found ${tokenText(token)}`,
    expected: wanted,
  };
}
