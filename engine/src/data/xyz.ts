/**
 * XYZ and extended XYZ: frames of a count, a comment line and one line for each atom. Extended frames describe their
 * columns by `Properties=…`; plain ones have a symbol and three coordinates, and further columns are left out because
 * nothing says what they are. Formats: openbabel.org (XYZ), github.com/libAtoms/extxyz.
 */
import { Fault, type Place } from '../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../tensor/array.ts';
import { type ByteSource, truncated, withBytes } from './bytes.ts';
import type { DataLimits } from './dataset.ts';
import { type AtomProperty, commentValue, parseProperties, splitComment } from './extxyz-comment.ts';
import type { Frame, FrameFile } from './frames.ts';
import { type Budget, openBudget } from './limits.ts';
import { type LineReader, readLines } from './lines.ts';
import { parseInteger, parseLogical, parseReal } from './text-values.ts';

const plainProperties: readonly AtomProperty[] = [
  { name: 'species', type: 'S', columns: 1 },
  { name: 'pos', type: 'R', columns: 3 },
];

/**
 * Reads all frames from a path or from bytes in memory.
 * Throws a Fault: `data/syntax`, `data/truncated`, `data/not-utf8`, `data/too-large`, or that the file cannot be opened.
 */
export function readXyz(source: string | Uint8Array, limits?: DataLimits): Frame[] {
  return withBytes(source, (bytes) => {
    const file = openXyz(bytes, openBudget(limits));
    const frames: Frame[] = [];
    for (let frame = file.next(); frame; frame = file.next()) frames.push(frame);
    return frames;
  });
}

/** Opens a file for one walk from its first frame to its last. */
export function openXyz(bytes: ByteSource, budget: Budget): FrameFile {
  const lines = readLines(bytes);
  let index = 0;

  /** The atom count of the next frame; undefined at the end of the file. */
  function count(): number | undefined {
    let text = lines.next();
    while (text !== undefined && text.trim() === '') text = lines.next();
    if (text === undefined) return undefined;
    const atoms = parseInteger(text.trim());
    if (atoms === undefined || atoms < 0) {
      throw syntax(lines, bytes, 'a frame starts with its number of atoms', 'an integer', text);
    }
    // Each atom takes at least one character and the end of its line.
    if (2 * atoms > lines.remaining + 1) {
      throw truncated(
        place(lines, bytes),
        `${atoms} atoms in frame ${index}`,
        `${lines.remaining} bytes for them`,
      );
    }
    return atoms;
  }

  function following(atoms: number, read: number): string {
    const text = lines.next();
    if (text === undefined) {
      throw truncated(
        place(lines, bytes),
        `${atoms} atoms in frame ${index}`,
        `${Math.max(0, read)} of them`,
      );
    }
    return text;
  }

  return {
    kind: 'frames',
    next() {
      const atoms = count();
      if (atoms === undefined) return undefined;
      const line = lines.line;
      const comment = following(atoms, 0);
      const { properties, keys, exact } = readComment(comment, lines, bytes);
      const width = properties.reduce((sum, { columns }) => sum + columns, 0);
      const booked = atoms * width * 48;
      budget.reserve(booked, { file: bytes.file, line });
      const rows: string[][] = [];
      for (let atom = 0; atom < atoms; atom++) {
        const text = following(atoms, atom);
        const cells = text.trim().split(/\s+/);
        if (exact ? cells.length !== width : cells.length < width) {
          throw syntax(
            lines,
            bytes,
            'the columns of an atom are described',
            `${width} columns`,
            `${cells.length} columns`,
          );
        }
        rows.push(cells);
      }
      const values = new Map(keys);
      let column = 0;
      for (const property of properties) {
        values.set(property.name, readProperty(property, rows, column, line + 2, bytes.file));
        column += property.columns;
      }
      const varying = new Set(properties.map(({ name }) => name));
      return { index: index++, line, atoms, varying, values, bytes: booked };
    },
    skip() {
      const atoms = count();
      if (atoms === undefined) return false;
      for (let i = -1; i < atoms; i++) following(atoms, i);
      index++;
      return true;
    },
    close: () => bytes.close(),
  };
}

function readComment(comment: string, lines: LineReader, bytes: ByteSource) {
  const extended = /(?:^|\s)["']?Properties["']?\s*=/.test(comment);
  const pairs = splitComment(comment);
  const described = pairs?.get('Properties');
  const properties = described === undefined ? undefined : parseProperties(described);
  if (extended && !pairs) {
    throw syntax(
      lines,
      bytes,
      'a comment line is a list of key=value',
      'quotes and brackets in pairs',
      comment,
    );
  }
  if (extended && !properties) {
    throw syntax(
      lines,
      bytes,
      'Properties is a list of name:type:columns',
      'species:S:1:pos:R:3',
      described ?? comment,
    );
  }
  const keys: [string, NdArray | TextArray][] = [];
  for (const [key, value] of pairs ?? []) {
    // A plain comment is prose: only what has the form key=value is taken from it.
    if (key === 'Properties' || (!extended && !comment.includes(`${key}=`))) continue;
    keys.push([key, commentValue(value)]);
  }
  return { properties: properties ?? plainProperties, keys, exact: properties !== undefined };
}

function readProperty(
  { name, type, columns }: AtomProperty,
  rows: readonly string[][],
  from: number,
  firstLine: number,
  file: string | undefined,
): NdArray | TextArray {
  const shape = columns === 1 ? [rows.length] : [rows.length, columns];
  const cells = (row: readonly string[]) => row.slice(from, from + columns);
  if (type === 'S') return { shape, text: rows.flatMap(cells) };
  const parse = { R: parseReal, I: parseInteger, L: parseLogical }[type];
  const data = type === 'R' ? new Float64Array(rows.length * columns) : new Int32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < columns; j++) {
      const value = parse(row[from + j]!);
      if (value === undefined) {
        const expected = { R: 'a number', I: 'an integer of 32 bits', L: 'T or F' }[type];
        throw new Fault({
          code: 'data/syntax',
          message: `Line ${firstLine + i}: "${name}" should be ${expected}, not "${row[from + j]}"`,
          expected,
          found: row[from + j],
          place: { file, member: name, line: firstLine + i },
          advice: 'Correct the line, or write the file again.',
        });
      }
      data[i * columns + j] = value;
    }
  }
  return data instanceof Float64Array ? real(shape, data) : integer(shape, data);
}

function place(lines: LineReader, bytes: ByteSource): Place {
  return { file: bytes.file, line: lines.line };
}

function syntax(lines: LineReader, bytes: ByteSource, rule: string, expected: string, found: string): Fault {
  const short = found.length > 60 ? `${found.slice(0, 57)}...` : found;
  return new Fault({
    code: 'data/syntax',
    message: `Line ${lines.line} is not extended XYZ: ${rule}; expected ${expected}, found ${JSON.stringify(short)}`,
    expected,
    found: short,
    place: place(lines, bytes),
    advice: 'Correct the line, or write the file again.',
  });
}
