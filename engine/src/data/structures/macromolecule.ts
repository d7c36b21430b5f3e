/** Atoms of a macromolecule, as PDB and mmCIF files both list them, made into the values of a frame. */
import { integer, type NdArray, real, type TextArray } from '../../tensor/array.ts';
import type { ByteSource } from '../bytes.ts';
import { atomicNumber } from '../elements.ts';
import type { Frame, FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';

export interface AtomRecord {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Symbol as written, in any case; empty where the file has none. */
  readonly element: string;
  /** "CA", without blanks. */
  readonly name: string;
  /** Alternate location, '' where there is only one. */
  readonly alternate: string;
  readonly residueName: string;
  readonly chain: string;
  readonly residue: number;
  readonly insertion: string;
  readonly occupancy: number;
  /** Square angstroms. */
  readonly bFactor: number;
  /** HETATM: not a standard residue of the chain. Water is such. */
  readonly hetero: boolean;
}

/** Bytes that a record takes, an estimate from above. */
export const recordBytes = 320;

/**
 * pos [atom, 3] in angstroms, species, atom_name, residue_name, chain [atom] as text, residue (number in the chain),
 * residue_index (counted from 0 through the structure), hetero [atom] as integers, occupancy, b_factor [atom].
 * Of an atom with alternate locations the first one is kept.
 */
export function macromoleculeValues(records: readonly AtomRecord[]): Map<string, NdArray | TextArray> {
  const atoms = firstLocations(records);
  const n = atoms.length;
  const text = (of: (atom: AtomRecord) => string): TextArray => ({ shape: [n], text: atoms.map(of) });
  let index = -1;
  let last = '';
  const residues = atoms.map((atom) => {
    const key = residueKey(atom);
    if (key !== last) index++;
    last = key;
    return index;
  });
  return new Map<string, NdArray | TextArray>([
    ['pos', real([n, 3], Float64Array.from(atoms.flatMap(({ x, y, z }) => [x, y, z])))],
    ['species', text(({ element, name }) => symbolOf(element, name))],
    ['atom_name', text(({ name }) => name)],
    ['residue_name', text(({ residueName }) => residueName)],
    ['chain', text(({ chain }) => chain)],
    [
      'residue',
      integer(
        [n],
        atoms.map(({ residue }) => residue),
      ),
    ],
    ['residue_index', integer([n], residues)],
    [
      'hetero',
      integer(
        [n],
        atoms.map(({ hetero }) => (hetero ? 1 : 0)),
      ),
    ],
    [
      'occupancy',
      real(
        [n],
        atoms.map(({ occupancy }) => occupancy),
      ),
    ],
    [
      'b_factor',
      real(
        [n],
        atoms.map(({ bFactor }) => bFactor),
      ),
    ],
  ]);
}

/** "CL" gives "Cl". Where the element is not written it follows from the atom's name: "CA" in a residue is carbon. */
export function symbolOf(element: string, name: string): string {
  const written = element.trim();
  if (written !== '') return properCase(written);
  const letters = name.replace(/^\d+/, '');
  const [first = ''] = letters;
  return atomicNumber(first.toUpperCase()) === undefined
    ? properCase(letters.slice(0, 2))
    : first.toUpperCase();
}

function properCase(symbol: string): string {
  return symbol.slice(0, 1).toUpperCase() + symbol.slice(1).toLowerCase();
}

function residueKey({ chain, residue, insertion, residueName }: AtomRecord): string {
  return `${chain} ${residue}${insertion} ${residueName}`;
}

/** A residue may name one atom several times, once a location; mutated residues share a number under two names. */
function firstLocations(records: readonly AtomRecord[]): AtomRecord[] {
  const seen = new Map<string, string>();
  return records.filter(({ alternate, chain, residue, insertion, name }) => {
    if (alternate === '') return true;
    const key = `${chain} ${residue}${insertion} ${name}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, alternate);
    return first === undefined || first === alternate;
  });
}

/** What a format finds for one frame; undefined at the end of the file. */
export interface Records {
  readonly records: readonly AtomRecord[];
  /** 1-based, of the first. */
  readonly line: number;
  /** Of the crystal, where there is one. */
  readonly lattice: NdArray | undefined;
}

/** A file of frames from what reads the records of the next one, each of which has booked {@link recordBytes}. */
export function macromoleculeFile(
  bytes: ByteSource,
  budget: Budget,
  read: () => Records | undefined,
): FrameFile {
  let index = 0;
  const next = (): Frame | undefined => {
    const found = read();
    if (!found) return undefined;
    const values = macromoleculeValues(found.records);
    const varying = new Set(values.keys());
    if (found.lattice) values.set('Lattice', found.lattice);
    const atoms = values.get('pos')!.shape[0]!;
    const booked = recordBytes * found.records.length;
    return { index: index++, line: found.line, atoms, varying, values, bytes: booked };
  };
  return {
    kind: 'frames',
    next,
    skip() {
      const frame = next();
      if (frame) budget.release(frame.bytes);
      return frame !== undefined;
    },
    close: () => bytes.close(),
  };
}

/**
 * Lattice vectors as rows [3, 3] from lengths in angstroms and angles in degrees: a along x, b in the plane of x and y.
 * undefined for the cell of 1 x 1 x 1 that stands for "no crystal".
 */
export function latticeOf(lengths: readonly number[], angles: readonly number[]): NdArray | undefined {
  const [a, b, c] = lengths as [number, number, number];
  if (a === 1 && b === 1 && c === 1) return undefined;
  const [alpha, beta, gamma] = angles.map((angle) => (angle * Math.PI) / 180) as [number, number, number];
  const cosines = [alpha, beta, gamma].map((angle) => {
    const value = Math.cos(angle);
    // Right angles are the usual ones, and cos(pi / 2) is not exactly 0.
    return Math.abs(value) < 1e-15 ? 0 : value;
  }) as [number, number, number];
  const sine = Math.sin(gamma);
  const cx = cosines[1];
  const cy = (cosines[0] - cosines[1] * cosines[2]) / sine;
  const cz = Math.sqrt(Math.max(0, 1 - cx * cx - cy * cy));
  return real([3, 3], [a, 0, 0, b * cosines[2], b * sine, 0, c * cx, c * cy, c * cz]);
}
