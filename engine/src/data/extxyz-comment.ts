/**
 * The comment line of an extended XYZ frame: `key=value` pairs, where a value is bare, quoted with " or ', or in
 * braces or brackets; a key alone means true. Format: github.com/libAtoms/extxyz.
 */
import { integer, type NdArray, real, type TextArray } from '../tensor/array.ts';
import { parseInteger, parseLogical, parseReal } from './text-values.ts';

/** Columns of one property of the atoms, from `Properties=name:type:columns:…`. */
export interface AtomProperty {
  readonly name: string;
  /** R real, I integer, S text, L logical. */
  readonly type: 'R' | 'I' | 'S' | 'L';
  readonly columns: number;
}

/** Splits a comment line into raw pairs; undefined where the line is not of that form (an open quote, say). */
export function splitComment(line: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>();
  let at = 0;
  const skipSpace = () => {
    while (at < line.length && /\s/.test(line[at]!)) at++;
  };
  /** A bare, quoted or bracketed word, up to one of `stops`. */
  const word = (stops: RegExp): string | undefined => {
    const open = line[at];
    if (open === '"' || open === "'") {
      let text = '';
      for (at++; at < line.length && line[at] !== open; at++) {
        if (line[at] === '\\' && at + 1 < line.length) at++;
        text += line[at];
      }
      return at++ < line.length ? text : undefined;
    }
    const start = at;
    if (open === '{' || open === '[') {
      let depth = 0;
      for (; at < line.length; at++) {
        if ('{['.includes(line[at]!)) depth++;
        else if ('}]'.includes(line[at]!) && --depth === 0) return line.slice(start, ++at);
      }
      return undefined;
    }
    while (at < line.length && !stops.test(line[at]!)) at++;
    return line.slice(start, at);
  };
  for (skipSpace(); at < line.length; skipSpace()) {
    const key = word(/[\s=]/);
    if (!key) return undefined;
    skipSpace();
    if (line[at] !== '=') {
      pairs.set(key, 'T');
      continue;
    }
    at++;
    skipSpace();
    const value = word(/\s/);
    if (value === undefined) return undefined;
    pairs.set(key, value);
  }
  return pairs;
}

/** The atoms' columns; undefined where the text is not triplets of name, type and count. */
export function parseProperties(text: string): AtomProperty[] | undefined {
  const parts = text.split(':');
  if (parts.length % 3 !== 0) return undefined;
  const properties: AtomProperty[] = [];
  for (let i = 0; i < parts.length; i += 3) {
    const [name, type, count] = parts.slice(i, i + 3) as [string, string, string];
    const columns = parseInteger(count);
    if (!name || !/^[RISL]$/.test(type) || columns === undefined || columns < 1) return undefined;
    properties.push({ name, type: type as AtomProperty['type'], columns });
  }
  return properties;
}

/** A value of a frame as an array: numbers, truth values (0 and 1) or text, of shape [], [n], [n, m] or [3, 3]. */
export function commentValue(text: string): NdArray | TextArray {
  const nested = nestedNumbers(text.startsWith('_JSON ') ? text.slice(6) : text);
  if (nested) return nested;
  const inner = /^[{[].*[}\]]$/s.test(text) ? text.slice(1, -1) : text;
  const words = inner.split(/[\s,]+/).filter((part) => part !== '');
  const flat = words.length > 0 ? numbers(words) : undefined;
  if (!flat) return { shape: [], text: [text] };
  const scalar = words.length === 1 && inner === text;
  if (scalar) return { ...flat, shape: [] };
  // The format's old form of a matrix: nine numbers, column after column.
  if (words.length === 9) {
    const data = flat.data.map((_, i) => flat.data[3 * (i % 3) + Math.floor(i / 3)]!);
    return { shape: [3, 3], data };
  }
  return flat;
}

function numbers(words: readonly string[]): NdArray | undefined {
  const shape = [words.length];
  for (const parse of [parseInteger, parseLogical]) {
    const values = words.map(parse);
    if (values.every((value) => value !== undefined)) return integer(shape, values);
  }
  const values = words.map(parseReal);
  return values.every((value) => value !== undefined) ? real(shape, values) : undefined;
}

/** `[1, 2]` and `[[1, 2], [3, 4]]`, row after row. */
function nestedNumbers(text: string): NdArray | undefined {
  if (!text.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const shape: number[] = [];
  let level = [value];
  while (level.length > 0 && level.every(Array.isArray)) {
    const size = (level[0] as unknown[]).length;
    if (level.some((list) => (list as unknown[]).length !== size)) return undefined;
    shape.push(size);
    level = level.flat(1);
  }
  if (!level.every((entry) => typeof entry === 'number')) return undefined;
  const values = level as number[];
  return values.every((entry) => entry === (entry | 0)) ? integer(shape, values) : real(shape, values);
}
