/**
 * MDL molfiles and SDF (BIOVIA, CTfile formats): V2000 and V3000 atom and bond blocks, and the data items behind a
 * molecule. A .mol file is one sample, an .sdf file one for each molecule.
 */
import { integer, type NdArray, real, type TextArray } from '../../tensor/array.ts';
import { type ByteSource, truncated } from '../bytes.ts';
import type { Frame, FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { type LineReader, readLines } from '../lines.ts';
import { parseInteger, parseReal } from '../text-values.ts';
import { type Molecule, type MolLines, readV2000, readV3000 } from './molfile.ts';
import { badLine } from './syntax.ts';

const atomBytes = 160;

/**
 * Opens a file for one walk. Values: name (the first line), pos [atom, 3], species and charge [atom], bonds [bond, 2]
 * (0-based atoms), bond_order [bond], and each data item as a number or a text.
 */
export function openSdf(bytes: ByteSource, budget: Budget): FrameFile {
  const lines = readLines(bytes);
  let index = 0;

  function next(): Frame | undefined {
    const title = firstLine(lines);
    if (title === undefined) return undefined;
    const start = lines.line;
    const from = molLines(lines, bytes.file, index);
    from.next();
    from.next();
    const counts = from.next();
    const version = counts.slice(33).trim();
    if (version !== '' && version !== 'V2000' && version !== 'V3000') {
      throw from.fault('the fourth line ends with the version', 'V2000 or V3000', version);
    }
    const book = (atoms: number) => budget.reserve(atoms * atomBytes, { file: bytes.file, line: from.line });
    const molecule =
      version === 'V3000'
        ? readV3000(from, book, lines.remaining)
        : readV2000(from, counts, book, lines.remaining);
    const values = valuesOf(molecule, title);
    const varying = new Set(['pos', 'species', 'charge', 'bonds', 'bond_order']);
    dataItems(lines, values);
    const atoms = molecule.species.length;
    return { index: index++, line: start, atoms, varying, values, bytes: atoms * atomBytes };
  }

  return {
    kind: 'frames',
    next,
    skip() {
      const title = firstLine(lines);
      if (title === undefined) return false;
      for (let text: string | undefined = title; text !== undefined && text.trim() !== '$$$$'; )
        text = lines.next();
      index++;
      return true;
    },
    close: () => bytes.close(),
  };
}

/** The title of the next molecule, which may be blank; undefined where only blank lines follow. */
function firstLine(lines: LineReader): string | undefined {
  const title = lines.next();
  if (title === undefined || lines.remaining > 0) return title;
  return title.trim() === '' ? undefined : title;
}

function molLines(lines: LineReader, file: string | undefined, index: number): MolLines {
  return {
    next() {
      const text = lines.next();
      if (text !== undefined) return text;
      throw truncated({ file, line: lines.line }, `molecule ${index} up to "M  END"`, `${lines.line} lines`);
    },
    get line() {
      return lines.line;
    },
    fault: (rule, expected, found) =>
      badLine('an MDL molfile', { file, line: lines.line }, rule, expected, found),
  };
}

function valuesOf(molecule: Molecule, title: string): Map<string, NdArray | TextArray> {
  const { species, coordinates, charges, bonds, orders } = molecule;
  const n = species.length;
  return new Map<string, NdArray | TextArray>([
    ['name', { shape: [], text: [title.trim()] }],
    ['pos', real([n, 3], coordinates)],
    ['species', { shape: [n], text: species }],
    ['charge', integer([n], charges)],
    ['bonds', integer([orders.length, 2], bonds)],
    ['bond_order', integer([orders.length], orders)],
  ]);
}

/** "> <logP>" and the lines below it up to a blank one, until "$$$$". What is named like a value of the atoms stays out. */
function dataItems(lines: LineReader, values: Map<string, NdArray | TextArray>): void {
  for (let text = lines.next(); text !== undefined && text.trim() !== '$$$$'; text = lines.next()) {
    const name = text.startsWith('>') ? /<([^>]*)>/.exec(text)?.[1] : undefined;
    if (name === undefined) continue;
    const content: string[] = [];
    for (let line = lines.next(); line !== undefined && line.trim() !== ''; line = lines.next())
      content.push(line);
    if (!values.has(name)) values.set(name, itemValue(content.join('\n').trim()));
  }
}

function itemValue(text: string): NdArray | TextArray {
  const whole = parseInteger(text);
  if (whole !== undefined) return integer([], [whole]);
  const number = parseReal(text);
  return number === undefined ? { shape: [], text: [text] } : real([], [number]);
}
