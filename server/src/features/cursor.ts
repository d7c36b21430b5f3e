/**
 * What may be written at a place in a specification, found from the tokens in front of it. Tokens, and not the syntax
 * tree, because a file that is being typed into is broken just there; the language is small enough for that.
 */
import { isItemKeyword, type itemKeywords } from '../language/syntax-words.ts';

/** A token, as far as it matters here. */
export interface Token {
  readonly image: string;
  /** Offset of its first character, and of the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export type ItemKind = (typeof itemKeywords)[number];

/** The item around the cursor, as far as its tokens tell. */
export interface ItemHead {
  readonly kind: ItemKind;
  readonly start: number;
  /** Declared name of data and models. */
  readonly name?: string;
  /** `Rapidash` of `is Rapidash`, `framed` of `= framed(net)`, `onnx` of `from onnx`. */
  readonly family?: string;
  readonly source?: string;
  /** The path as written, without quotes. */
  readonly path?: string;
  /** Names of the model and the data of a check. */
  readonly model?: string;
  readonly data?: string;
  /** Names in front of a colon in the item's block, also behind the cursor. */
  readonly given: readonly string[];
}

export type Expectation =
  | { readonly at: 'nothing' }
  | { readonly at: 'item' }
  /** One of these words. */
  | { readonly at: 'word'; readonly words: readonly string[] }
  | { readonly at: 'family' | 'source' | 'wrapper' | 'model' | 'data' | 'group' }
  | { readonly at: 'group-argument'; readonly group: string; readonly given: readonly string[] }
  | { readonly at: 'path'; readonly purpose: 'use' | 'data' | 'model' | 'option' }
  /** The name of an entry; `afterType` when the entry before it could go on with `from`. */
  | { readonly at: 'entry'; readonly afterType: boolean }
  | { readonly at: 'value'; readonly name: string; readonly inList: boolean }
  | { readonly at: 'type' }
  | { readonly at: 'type-argument'; readonly name: string }
  | { readonly at: 'index' }
  | { readonly at: 'port-name'; readonly direction: 'input' | 'output' }
  | {
      readonly at: 'field-source';
      readonly name: string;
      readonly direction?: 'input' | 'output';
    };

export interface Cursor {
  readonly expected: Expectation;
  readonly item?: ItemHead;
  /** What is typed already, in front of the cursor; without the opening quote when `quoted`. */
  readonly typed: string;
  /** The part of the text that a proposal replaces: the whole word, or the inside of the quotes. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const wordPattern = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/**
 * @param tokens all tokens of the text, without comments
 * @param openQuote offset of a quote in front of the cursor, on its line, that is not closed
 */
export function cursorAt(tokens: readonly Token[], offset: number, openQuote?: number, text = ''): Cursor {
  if (openQuote !== undefined) {
    const before = tokens.filter((token) => token.end <= openQuote);
    const range = {
      typed: text.slice(openQuote + 1, offset),
      start: openQuote + 1,
      end: offset,
      quoted: true,
    };
    return { ...expectation(tokens, before), ...range };
  }
  const touched = tokens.find(
    (token) =>
      token.start < offset && (isString(token) ? offset < token.end : offset <= token.end) && isTyped(token),
  );
  const before = tokens.filter((token) => (touched ? token.end <= touched.start : token.end <= offset));
  const found = expectation(tokens, before);
  if (!touched) return { ...found, typed: '', start: offset, end: offset, quoted: false };
  const quoted = isString(touched);
  const start = touched.start + (quoted ? 1 : 0);
  const end = touched.end - (quoted ? 1 : 0);
  return { ...found, typed: touched.image.slice(quoted ? 1 : 0, offset - touched.start), start, end, quoted };
}

function isTyped(token: Token): boolean {
  return isString(token) || wordPattern.test(token.image);
}

function isString(token: Token | undefined): boolean {
  return token?.image.startsWith('"') === true;
}

function unquoted(token: Token | undefined): string | undefined {
  return token && (isString(token) ? token.image.slice(1, -1) : token.image);
}

/** What may follow `before`; `all` serves to see the rest of the block. */
function expectation(all: readonly Token[], before: readonly Token[]): Pick<Cursor, 'expected' | 'item'> {
  const first = lastItemStart(before);
  if (first < 0) return { expected: { at: 'item' } };
  const tokens = before.slice(first);
  const open = tokens.findIndex((token) => token.image === '{');
  const header = open < 0 ? tokens : tokens.slice(0, open);
  const head = headOf(header, all);
  if (open < 0) return { expected: inHeader(head.kind, header), item: head };
  const block = tokens.slice(open + 1);
  if (block.some((token) => token.image === '}')) return { expected: { at: 'item' } };
  return { expected: inBlock(head, block), item: head };
}

/** Index of the keyword that opens the item around the end of `tokens`; -1 in front of the first one. */
function lastItemStart(tokens: readonly Token[]): number {
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i]!;
    if (!isItemKeyword(token.image) || tokens[i + 1]?.image === ':') continue;
    const previous = tokens[i - 1];
    // In the middle of a line it is a name, unless the line's item before it is closed.
    if (!previous || previous.line < token.line || previous.image === '}') return i;
  }
  return -1;
}

function headOf(header: readonly Token[], all: readonly Token[]): ItemHead {
  const kind = header[0]!.image as ItemKind;
  const words = header.map(unquoted);
  const after = (word: string) => {
    const index = words.indexOf(word, 2);
    return index < 0 ? undefined : words[index + 1];
  };
  const base = { kind, start: header[0]!.start, given: givenNames(header[0]!, all) };
  const path = unquoted(header.find(isString));
  switch (kind) {
    case 'data':
      return { ...base, name: words[1], path };
    case 'model':
      return {
        ...base,
        name: words[1],
        path,
        family: words[2] === 'is' || words[2] === '=' ? words[3] : undefined,
        source: words[2] === 'from' ? words[3] : undefined,
      };
    case 'check':
    case 'train':
    case 'benchmark':
    case 'compare':
    case 'discover':
      return { ...base, model: words[1], data: after('on') };
    default:
      return { ...base, path };
  }
}

/** Names in front of colons, in the block of the item that starts with `first`. */
function givenNames(first: Token, all: readonly Token[]): string[] {
  const names: string[] = [];
  const from = all.findIndex((token) => token.start === first.start);
  let depth = 0;
  let opened = false;
  for (let i = from + 1; i < all.length; i++) {
    const { image, line } = all[i]!;
    if (image === '{') opened = true;
    if (image === '}') break;
    if (image === '(' || image === '[') depth += 1;
    if (image === ')' || image === ']') depth -= 1;
    const next = all[i + 1]?.image;
    // The next item, when this one's block is not closed yet.
    if (isItemKeyword(image) && next !== ':' && line > all[i - 1]!.line) break;
    if (opened && depth === 0 && next === ':') names.push(unquoted(all[i])!);
  }
  return names;
}

function inHeader(kind: ItemKind, header: readonly Token[]): Expectation {
  const count = header.length;
  const last = header[count - 1]!.image;
  switch (kind) {
    case 'use':
      return count === 1 ? { at: 'path', purpose: 'use' } : { at: 'item' };
    case 'data':
      if (count === 2) return { at: 'word', words: ['from'] };
      return count === 3 && last === 'from' ? { at: 'path', purpose: 'data' } : { at: 'nothing' };
    case 'model':
      if (header[2]?.image === '=') return inWrapper(header);
      if (count === 2) return { at: 'word', words: ['is', 'from', '='] };
      if (count === 3) return last === 'is' ? { at: 'family' } : { at: 'source' };
      if (count === 4 && header[2]!.image === 'from') return { at: 'path', purpose: 'model' };
      return count === 1 ? { at: 'nothing' } : { at: 'item' };
    case 'check':
      return inGroupHeader(header, 'under');
    case 'train':
    case 'benchmark':
      if (count === 1 || last === ',') return { at: 'model' };
      if (last === 'on' && count > 2) return { at: 'data' };
      return header.some((token, i) => i > 1 && token.image === 'on')
        ? { at: 'item' }
        : { at: 'word', words: ['on'] };
    case 'compare':
      if (count === 1 || (last === 'with' && count === 3)) return { at: 'model' };
      if (count === 2) return { at: 'word', words: ['on', 'with'] };
      if (last === 'on') return { at: 'data' };
      return header.some((token, i) => i > 1 && token.image === 'on')
        ? { at: 'item' }
        : { at: 'word', words: ['on'] };
    case 'discover':
      return inGroupHeader(header, 'within');
    case 'claim':
      return { at: 'nothing' };
  }
}

/** `model safe = averaged(net, C(4))` */
function inWrapper(header: readonly Token[]): Expectation {
  const last = header.at(-1)!.image;
  switch (header.length) {
    case 3:
      return { at: 'wrapper' };
    case 4:
      return { at: 'word', words: ['('] };
    case 5:
      return { at: 'model' };
  }
  if (lastOpen(header) < 0) return { at: 'item' };
  if (header.length === 6) return { at: 'word', words: [',', ')'] };
  if (last === '*' || (last === ',' && header.length === 7)) return { at: 'group' };
  const call = openCall(header.slice(7));
  return call ? { at: 'group-argument', group: call.name, given: call.given } : { at: 'nothing' };
}

/** `check a on b under G as c`, `discover a on b within G`. */
function inGroupHeader(header: readonly Token[], word: 'under' | 'within'): Expectation {
  const last = header[header.length - 1]!.image;
  switch (header.length) {
    case 1:
      return { at: 'model' };
    case 2:
      return { at: 'word', words: ['on'] };
    case 3:
      return { at: 'data' };
    case 4:
      return { at: 'word', words: [word] };
  }
  if (header.length === 5 || last === '*') return { at: 'group' };
  const call = openCall(header.slice(5));
  if (call) return { at: 'group-argument', group: call.name, given: call.given };
  if (word === 'within') return { at: 'item' };
  if (last === 'as') return { at: 'nothing' };
  return header.some((token, i) => i > 5 && token.image === 'as')
    ? { at: 'item' }
    : { at: 'word', words: ['as'] };
}

/** The call whose parenthesis is still open at the end of `tokens`, and the names of its arguments so far. */
function openCall(tokens: readonly Token[]): { name: string; given: string[] } | undefined {
  const open = lastOpen(tokens);
  if (open < 0 || tokens[open]!.image !== '(') return undefined;
  const inside = tokens.slice(open + 1);
  const given = inside.flatMap((token, i) => (inside[i + 1]?.image === ':' ? [token.image] : []));
  return { name: tokens[open - 1]?.image ?? '', given };
}

/** Index of the innermost bracket or parenthesis that is still open at the end; -1 without one. */
function lastOpen(tokens: readonly Token[]): number {
  const open: number[] = [];
  tokens.forEach(({ image }, i) => {
    if (image === '(' || image === '[') open.push(i);
    else if (image === ')' || image === ']') open.pop();
  });
  return open.at(-1) ?? -1;
}

function inBlock(item: ItemHead, block: readonly Token[]): Expectation {
  if (item.kind === 'claim') return { at: 'nothing' };
  const open = lastOpen(block);
  if (open >= 0) return inBrackets(item, block, open);
  const last = block.at(-1);
  const previous = block.at(-2);
  if (!last) return { at: 'entry', afterType: false };
  const direction = directionOf(block, block.length - 2);
  if (last.image === ':') {
    // In a data block `samples: 100` is an option and `charge: scalar` a field: the name tells, not the place.
    return direction ? { at: 'type' } : { at: 'value', name: unquoted(previous) ?? '', inList: false };
  }
  if (isPortStart(item, last, previous))
    return { at: 'port-name', direction: last.image as 'input' | 'output' };
  if (last.image === 'from' && previous) return fieldSource(block);
  // A name that still waits for its colon.
  if (isTyped(last) && !(previous && isContinued(previous))) return { at: 'nothing' };
  return { at: 'entry', afterType: item.kind === 'data' || item.source !== undefined };
}

function isPortStart(item: ItemHead, last: Token, previous: Token | undefined): boolean {
  return (
    item.kind === 'model' &&
    (last.image === 'input' || last.image === 'output') &&
    previous?.image !== ':' &&
    previous?.image !== 'from'
  );
}

/** Tokens after which a word belongs to what is before it. */
function isContinued(previous: Token): boolean {
  return [':', 'from', 'input', 'output', ',', '-'].includes(previous.image);
}

/** `input` or `output` when the token at `index` is the name of a port. */
function directionOf(block: readonly Token[], index: number): 'input' | 'output' | undefined {
  const word = block[index - 1]?.image;
  return (word === 'input' || word === 'output') && block[index]?.image !== ':' ? word : undefined;
}

function fieldSource(block: readonly Token[]): Expectation {
  for (let i = block.length - 1; i > 0; i--) {
    if (block[i]!.image !== ':' || lastOpen(block.slice(0, i)) >= 0) continue;
    return { at: 'field-source', name: unquoted(block[i - 1])!, direction: directionOf(block, i - 1) };
  }
  return { at: 'nothing' };
}

function inBrackets(item: ItemHead, block: readonly Token[], open: number): Expectation {
  const bracket = block[open]!.image;
  const before = block[open - 1];
  if (bracket === '(') return { at: 'type-argument', name: before?.image ?? '' };
  if (before?.image === ':') {
    // `[atom: |`: the value of a pair is the name of an array.
    const last = block.at(-1)!;
    if (last.image === ':') return { at: 'field-source', name: unquoted(block.at(-2)) ?? '' };
    return { at: 'value', name: unquoted(block[open - 2]) ?? '', inList: true };
  }
  return item.kind === 'data' || item.kind === 'model' ? { at: 'index' } : { at: 'nothing' };
}
