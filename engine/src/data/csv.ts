/**
 * Tables of comma-, semicolon- or tab-separated values with a header line. Each column is an array [row]. A column
 * whose cells are all numbers is numeric, all true/false is boolean, anything else is text. `?` and an empty cell are
 * missing values: NaN (numbers) or "" (text) from {@link readCsv}, and a Fault where a dataset would use them.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { Fault, type Place } from '../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../tensor/array.ts';
import { type ArrayFile, distinct, isText, type Rows, type StoredArray } from './array-file.ts';
import { type ByteSource, openBytes } from './bytes.ts';
import type { DataLimits } from './dataset.ts';
import { type Budget, openBudget } from './limits.ts';
import { decode } from './lines.ts';
import { parseInteger, parseLogical, parseReal } from './text-values.ts';

interface Column {
  readonly stored: StoredArray;
  readonly values: NdArray | TextArray;
  /** Rows with a missing value. */
  readonly missing: ReadonlySet<number>;
}

/**
 * Reads all columns, from a path or from bytes in memory.
 * Throws a Fault: `data/syntax`, `data/not-utf8`, `data/empty`, `data/too-large`, or that the file cannot be opened.
 */
export function readCsv(source: string | Uint8Array, limits?: DataLimits): Map<string, NdArray | TextArray> {
  const bytes = openBytes(source);
  try {
    const { columns } = parseTable(bytes, bytes.size, openBudget(limits));
    return new Map([...columns].map(([name, column]) => [name, column.values]));
  } finally {
    bytes.close();
  }
}

/** Opens a table. A list of columns, "x0, x1, x2", is an array of its own: [row, 3]. */
export function openCsv(bytes: ByteSource, budget: Budget, readBytes = bytes.size): ArrayFile {
  const { columns, lines } = parseTable(bytes, readBytes, budget);

  /** Throws where a missing value would be used. */
  function usable(column: Column, rows: Rows): void {
    for (const row of column.missing) {
      if (row < rows.start || row >= rows.start + rows.count) continue;
      const { name } = column.stored;
      throw new Fault({
        code: 'data/missing-value',
        message: `Line ${lines[row]}: column "${name}" has no value (${column.missing.size} of ${lines.length} rows lack it)`,
        expected: 'a value in every row that is used',
        found: 'an empty cell or ?',
        place: { file: bytes.file, member: name, line: lines[row] },
        advice: 'Remove these rows, fill in values, or leave the column out.',
      });
    }
  }

  const part = (name: string): Column[] | undefined => {
    const single = columns.get(name);
    if (single) return [single];
    const parts = name.split(',').map((piece) => columns.get(piece.trim()));
    return parts.length > 1 && parts.every((piece) => piece !== undefined) ? parts : undefined;
  };

  return {
    kind: 'arrays',
    arrays: [...columns.values()].map(({ stored }) => stored),
    find(name) {
      const parts = part(name);
      if (!parts || parts.length === 1) return parts?.[0]?.stored;
      const kinds = parts.map(({ stored }) => stored.dtype);
      const dtype = kinds.includes('text') ? 'text' : kinds.includes('float64') ? 'float64' : 'int32';
      return { name, dtype, shape: [lines.length, parts.length] };
    },
    async read({ name, dtype }, rows = { start: 0, count: lines.length }) {
      const parts = part(name) ?? [];
      for (const column of parts) usable(column, rows);
      const count = Math.max(0, Math.min(rows.count, lines.length - rows.start));
      const shape = parts.length === 1 ? [count] : [count, parts.length];
      const size = count * parts.length;
      budget.reserve(size * 24, { file: bytes.file, member: name });
      const at = (i: number) => {
        const { values } = parts[i % parts.length]!;
        const row = rows.start + Math.floor(i / parts.length);
        return isText(values) ? values.text[row]! : values.data[row]!;
      };
      const cells = Array.from({ length: size }, (_, i) => at(i));
      if (dtype === 'text') return { shape, text: cells.map(String) };
      return dtype === 'float64' ? real(shape, cells as number[]) : integer(shape, cells as number[]);
    },
    async vocabulary({ name }) {
      const texts = (part(name) ?? []).flatMap(({ values, missing }) =>
        isText(values) ? values.text.filter((_, row) => !missing.has(row)) : [...values.data].map(String),
      );
      return distinct(texts);
    },
    close: () => bytes.close(),
  };
}

function parseTable(bytes: ByteSource, readBytes: number, budget: Budget) {
  const place: Place = { file: bytes.file };
  // The text, one or two bytes a character, and its bytes.
  budget.reserve(3 * readBytes, place);
  const text = decode(wholeLines(bytes.read(0, readBytes), readBytes < bytes.size), 0, bytes.file);
  const cells: string[][] = [];
  const lines: number[] = [];
  let header: string[] | undefined;
  const onRecord = (record: string[], { lines: line }: { lines: number }): null => {
    if (!header) {
      header = record;
      checkHeader(header, line, place);
      for (let i = 0; i < header.length; i++) cells.push([]);
    } else {
      budget.reserve(32 * record.length, { ...place, line });
      for (const [i, cell] of record.entries()) cells[i]!.push(cell);
      lines.push(line);
    }
    return null;
  };
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
      // The types of the package know only callbacks that change a record; this one takes it.
      on_record: onRecord as unknown as (record: string[]) => string[],
    });
  } catch (error) {
    throw csvFault(error, place);
  }
  budget.release(3 * readBytes);
  if (!header) {
    throw new Fault({
      code: 'data/empty',
      message: 'The table is empty: it has no header line',
      place,
      advice: 'Write the names of the columns in the first line and one sample in each line below.',
    });
  }
  const columns = new Map<string, Column>();
  for (const [i, name] of header.entries()) columns.set(name, columnOf(name, cells[i]!));
  return { columns, lines };
}

/** Cuts a last line that may be incomplete. */
function wholeLines(part: Uint8Array, cut: boolean): Uint8Array {
  return cut ? part.subarray(0, part.lastIndexOf(0x0a) + 1) : part;
}

function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = end < 0 ? text : text.slice(0, end);
  return [',', ';', '\t'].find((candidate) => first.includes(candidate)) ?? ',';
}

function checkHeader(header: readonly string[], line: number, place: Place): void {
  const numeric = header.filter((name) => parseReal(name) !== undefined);
  if (numeric.length === header.length) {
    throw new Fault({
      code: 'data/syntax',
      message: 'The table has no header: its first line holds numbers',
      expected: 'names of columns',
      found: header.slice(0, 4).join(', '),
      place: { ...place, line },
      advice: 'Add a first line with the names of the columns.',
    });
  }
  const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new Fault({
      code: 'data/syntax',
      message: `The header names the column "${twice}" twice`,
      expected: 'a different name for each column',
      found: twice,
      place: { ...place, line, member: twice },
      advice: 'Rename one of them.',
    });
  }
}

function columnOf(name: string, cells: readonly string[]): Column {
  const missing = new Set<number>();
  for (const [row, cell] of cells.entries()) if (cell === '' || cell === '?') missing.add(row);
  const shape = [cells.length];
  const numbers = <T extends number>(parseCell: (cell: string) => T | undefined): number[] | undefined => {
    const values: number[] = [];
    for (const [row, cell] of cells.entries()) {
      const value = missing.has(row) ? Number.NaN : parseCell(cell);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
  const made = (dtype: string, values: NdArray | TextArray) => ({
    stored: { name, dtype, shape },
    values,
    missing,
  });
  const present = missing.size < cells.length;
  const integers = present ? numbers(parseInteger) : undefined;
  const logicals = present && !integers ? numbers(parseLogical) : undefined;
  const whole = integers ?? logicals;
  if (whole && missing.size === 0) return made(logicals ? 'bool' : 'int32', integer(shape, whole));
  const reals = whole ?? (present ? numbers(parseReal) : undefined);
  // int32 cannot hold NaN: integers with gaps are reals.
  if (reals) return made('float64', real(shape, reals));
  return made('text', { shape, text: cells.map((cell, row) => (missing.has(row) ? '' : cell)) });
}

function csvFault(error: unknown, place: Place): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = Number((error as CsvError & { lines?: number }).lines) || undefined;
  const wrongCount = error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
  return new Fault({
    code: 'data/syntax',
    message: wrongCount
      ? `Line ${line} has another number of cells than the header`
      : `The table has a quote that is not closed or stands in the middle of a cell${line ? `, at line ${line}` : ''}`,
    place: { ...place, line },
    advice: wrongCount
      ? 'Give every line one cell for each column.'
      : 'Put the whole cell in quotes and double quotes inside it.',
  });
}
