/**
 * Protein Data Bank files, format 3.3 (wwpdb.org): ATOM and HETATM lines of fixed columns, one sample a MODEL.
 * What else the format holds (bonds, secondary structure, anisotropy) is left out.
 */
import type { NdArray } from '../../tensor/array.ts';
import type { ByteSource } from '../bytes.ts';
import type { FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { readLines } from '../lines.ts';
import { parseReal } from '../text-values.ts';
import { type AtomRecord, latticeOf, macromoleculeFile, recordBytes } from './macromolecule.ts';
import { badLine } from './syntax.ts';

/** Opens a file for one walk. A file without MODEL lines is one sample. Values: see `macromoleculeValues`, and Lattice. */
export function openPdb(bytes: ByteSource, budget: Budget): FrameFile {
  const lines = readLines(bytes);
  let lattice: NdArray | undefined;

  return macromoleculeFile(bytes, budget, () => {
    const records: AtomRecord[] = [];
    let start = 0;
    for (let text = lines.next(); text !== undefined; text = lines.next()) {
      const kind = text.slice(0, 6).trimEnd();
      if (kind === 'ENDMDL' || kind === 'END') {
        if (records.length > 0) break;
      } else if (kind === 'CRYST1') {
        const number = (from: number, to: number) =>
          numberAt(text, from, to, 'a length or an angle', lines.line, bytes.file);
        lattice = latticeOf(
          [number(6, 15), number(15, 24), number(24, 33)],
          [number(33, 40), number(40, 47), number(47, 54)],
        );
      } else if (kind === 'ATOM' || kind === 'HETATM') {
        if (records.length === 0) start = lines.line;
        budget.reserve(recordBytes, { file: bytes.file, line: lines.line });
        records.push(atomOf(text, lines.line, bytes.file));
      }
    }
    return records.length > 0 ? { records, line: start, lattice } : undefined;
  });
}

function atomOf(text: string, line: number, file: string | undefined): AtomRecord {
  const cell = (from: number, to: number) => text.slice(from, to).trim();
  const number = (from: number, to: number, what: string) => numberAt(text, from, to, what, line, file);
  // Both may be left blank by programs that do not know them.
  const optional = (from: number, to: number, otherwise: number) =>
    cell(from, to) === '' ? otherwise : number(from, to, 'a number or nothing');
  return {
    x: number(30, 38, 'the coordinate x'),
    y: number(38, 46, 'the coordinate y'),
    z: number(46, 54, 'the coordinate z'),
    // Charges follow the symbol in columns 79 and 80.
    element: cell(76, 78) || elementOfName(text.slice(12, 16)),
    name: cell(12, 16),
    alternate: cell(16, 17),
    residueName: cell(17, 20),
    chain: cell(21, 22),
    residue: cell(22, 26) === '' ? 0 : number(22, 26, 'a residue number'),
    insertion: cell(26, 27),
    occupancy: optional(54, 60, 1),
    bFactor: optional(60, 66, 0),
    hetero: text.startsWith('HETATM'),
  };
}

/** The symbol ends in column 14: " CA " is a carbon, "CA  " a calcium. Four-letter names of hydrogens start at 13. */
function elementOfName(name: string): string {
  const first = name[0] ?? ' ';
  if (first === ' ' || /\d/.test(first)) return name.slice(1, 2);
  return name.trim().length === 4 && first === 'H' ? 'H' : name.slice(0, 2).trim();
}

function numberAt(
  text: string,
  from: number,
  to: number,
  what: string,
  line: number,
  file: string | undefined,
): number {
  const cell = text.slice(from, to).trim();
  const value = parseReal(cell);
  if (value !== undefined) return value;
  throw badLine('a PDB file', { file, line }, `columns ${from + 1} to ${to} hold ${what}`, 'a number', cell);
}
