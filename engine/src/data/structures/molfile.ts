/** The two versions of a molfile's atom and bond blocks: columns of fixed width (V2000) and words (V3000). */
import { parseInteger, parseReal } from '../text-values.ts';

export interface Molecule {
  readonly species: string[];
  /** Three a atom, in angstroms. */
  readonly coordinates: number[];
  /** Formal charges. */
  readonly charges: number[];
  /** Pairs of 0-based atoms. */
  readonly bonds: number[];
  /** 1, 2, 3, or 4 for aromatic, as the file has them. */
  readonly orders: number[];
}

/** Lines of one file, with what its messages need. */
export interface MolLines {
  /** The next line. Throws `data/truncated` at the end of the file. */
  next(): string;
  readonly line: number;
  fault(rule: string, expected: string, found: string): Error;
}

/** Charges in the atom block's own column, code to charge; 4 marks a radical. */
const oldCharges: Readonly<Record<number, number>> = { 1: 3, 2: 2, 3: 1, 5: -1, 6: -2, 7: -3 };

function emptyMolecule(): Molecule {
  return { species: [], coordinates: [], charges: [], bonds: [], orders: [] };
}

/** @param book is told how many atoms and bonds follow, before they are read. @throws Fault `data/syntax`, `data/truncated` */
export function readV2000(
  lines: MolLines,
  counts: string,
  book: (atoms: number) => void,
  remaining: number,
): Molecule {
  const atoms = count(counts.slice(0, 3), lines, counts, remaining);
  const bonds = count(counts.slice(3, 6), lines, counts, remaining);
  book(atoms + bonds);
  const molecule = emptyMolecule();
  for (let i = 0; i < atoms; i++) {
    const text = lines.next();
    for (const from of [0, 10, 20]) molecule.coordinates.push(coordinate(text.slice(from, from + 10), lines));
    molecule.species.push(symbol(text.slice(31, 34).trim(), lines));
    molecule.charges.push(oldCharges[parseInteger(text.slice(36, 39).trim()) ?? 0] ?? 0);
  }
  for (let i = 0; i < bonds; i++) {
    const text = lines.next();
    const [a, b, order] = [0, 3, 6].map((from) => parseInteger(text.slice(from, from + 3).trim()));
    addBond(molecule, a, b, order, lines, text);
  }
  let restated = false;
  for (let text = lines.next(); !text.startsWith('M  END'); text = lines.next()) {
    if (!text.startsWith('M  CHG')) continue;
    // The first such line takes the place of all charges in the atom block.
    if (!restated) molecule.charges.fill(0);
    restated = true;
    const words = text.slice(9).trim().split(/\s+/).map(parseInteger);
    for (let i = 0; i + 1 < words.length; i += 2) {
      const atom = (words[i] ?? 0) - 1;
      if (!(atom in molecule.charges) || words[i + 1] === undefined) {
        throw lines.fault('M  CHG lists atoms and charges', `atoms from 1 to ${atoms}`, text);
      }
      molecule.charges[atom] = words[i + 1]!;
    }
  }
  return molecule;
}

/** @throws Fault `data/syntax`, `data/truncated` */
export function readV3000(lines: MolLines, book: (atoms: number) => void, remaining: number): Molecule {
  const molecule = emptyMolecule();
  const places = new Map<number, number>();
  let block = '';
  for (let text = lines.next(); !text.startsWith('M  END'); text = lines.next()) {
    const words = continued(text, lines).split(/\s+/);
    if (words[0] === 'BEGIN') block = words[1] ?? '';
    else if (words[0] === 'END') block = '';
    else if (words[0] === 'COUNTS') {
      book(count(words[1] ?? '', lines, text, remaining) + count(words[2] ?? '', lines, text, remaining));
    } else if (block === 'ATOM') {
      const number = parseInteger(words[0] ?? '');
      if (number === undefined || words.length < 6) {
        throw lines.fault('an atom is its number, symbol, x, y, z and map', 'six words or more', text);
      }
      places.set(number, molecule.species.length);
      molecule.species.push(symbol(words[1]!, lines));
      for (const word of words.slice(2, 5)) molecule.coordinates.push(coordinate(word, lines));
      const charge = words.find((word) => word.startsWith('CHG='));
      molecule.charges.push(parseInteger(charge?.slice(4) ?? '0') ?? 0);
    } else if (block === 'BOND') {
      const [, order, a, b] = words.map((word) => parseInteger(word));
      const at = (atom: number | undefined) =>
        atom === undefined ? undefined : (places.get(atom) ?? -1) + 1;
      addBond(molecule, at(a), at(b), order, lines, text);
    }
  }
  return molecule;
}

/** A line that ends with "-" goes on in the next one. */
function continued(first: string, lines: MolLines): string {
  let text = first;
  let whole = '';
  for (;;) {
    if (!text.startsWith('M  V30 ')) throw lines.fault('lines of V3000 start with "M  V30"', 'M  V30', text);
    const part = text.slice(7).trim();
    if (!part.endsWith('-')) return whole + part;
    whole += part.slice(0, -1);
    text = lines.next();
  }
}

function addBond(
  molecule: Molecule,
  a: number | undefined,
  b: number | undefined,
  order: number | undefined,
  lines: MolLines,
  text: string,
): void {
  const atoms = molecule.species.length;
  const known = (atom: number | undefined) => atom !== undefined && atom >= 1 && atom <= atoms;
  if (!known(a) || !known(b) || order === undefined) {
    throw lines.fault('a bond joins two atoms of the molecule', `atoms from 1 to ${atoms}`, text);
  }
  molecule.bonds.push(a! - 1, b! - 1);
  molecule.orders.push(order);
}

function count(cell: string, lines: MolLines, text: string, remaining: number): number {
  const value = parseInteger(cell.trim());
  // An atom or a bond takes a line of at least ten characters.
  if (value !== undefined && value >= 0 && value * 10 <= remaining + 10) return value;
  throw lines.fault(
    'the counts are those of atoms and bonds',
    'two counts that the file has lines for',
    text,
  );
}

function coordinate(cell: string, lines: MolLines): number {
  const value = parseReal(cell.trim());
  if (value !== undefined) return value;
  throw lines.fault('an atom has three coordinates', 'a number', cell);
}

function symbol(text: string, lines: MolLines): string {
  if (text !== '') return text;
  throw lines.fault('an atom has a symbol', 'a symbol such as C', '');
}
