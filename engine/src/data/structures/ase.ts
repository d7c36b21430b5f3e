/**
 * Databases of the Atomic Simulation Environment (ase.db, SQLite): one sample a row of the table "systems". Arrays are
 * stored as raw little-endian numbers. Format: wiki.fysik.dtu.dk/ase, ase.db.
 */
import { createRequire } from 'node:module';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Fault } from '../../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../../tensor/array.ts';
import { type ByteSource, corrupt } from '../bytes.ts';
import type { Frame, FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { decodeNumbers } from '../numbers.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns of numbers [atom] or [atom, 3], and how they are stored. */
const arrays = [
  { column: 'numbers', name: 'numbers', type: 'int32', width: 1 },
  { column: 'positions', name: 'pos', type: 'float64', width: 3 },
  { column: 'forces', name: 'forces', type: 'float64', width: 3 },
  { column: 'momenta', name: 'momenta', type: 'float64', width: 3 },
  { column: 'initial_magmoms', name: 'initial_magmoms', type: 'float64', width: 1 },
  { column: 'initial_charges', name: 'initial_charges', type: 'float64', width: 1 },
  { column: 'charges', name: 'charges', type: 'float64', width: 1 },
  { column: 'magmoms', name: 'magmoms', type: 'float64', width: 1 },
] as const;

/** Columns of one number a structure. */
const numbers = ['energy', 'free_energy', 'charge', 'magmom'] as const;

/**
 * Opens a database for one walk in the order of its ids. Values: numbers, pos, forces, momenta, … [atom] or [atom, 3],
 * Lattice [3, 3], stress [6], dipole [3], energy, charge, and the key-value pairs of the row.
 * Throws `data/no-sqlite` where the Node that runs has none, `data/corrupt` for what is no such database.
 */
export function openAse(bytes: ByteSource, budget: Budget): FrameFile {
  const { database, rows } = openDatabase(bytes.file!);
  const iterator = rows.iterate() as Iterator<Row>;
  let index = 0;
  const step = (): Row | undefined => {
    try {
      const { value, done } = iterator.next();
      return done ? undefined : value;
    } catch (error) {
      throw corrupt({ file: bytes.file }, `The database cannot be read: ${(error as Error).message}`);
    }
  };
  return {
    kind: 'frames',
    next() {
      const row = step();
      return row && frameOf(row, index++, bytes.file!, budget);
    },
    skip() {
      index++;
      return step() !== undefined;
    },
    close() {
      database.close();
      bytes.close();
    },
  };
}

function openDatabase(file: string): { database: DatabaseSync; rows: StatementSync } {
  let sqlite: typeof import('node:sqlite');
  try {
    sqlite = createRequire(import.meta.url)('node:sqlite');
  } catch {
    throw new Fault({
      code: 'data/no-sqlite',
      message: `Node ${process.versions.node} has no SQLite, which .db files need`,
      expected: 'Node 22.13 or later',
      found: `Node ${process.versions.node}`,
      place: { file },
      advice:
        'Run Noether with a newer Node, or convert the database: ase convert structures.db structures.extxyz.',
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(file, { readOnly: true });
    return { database, rows: database.prepare('SELECT * FROM systems ORDER BY id') };
  } catch (error) {
    database?.close();
    throw corrupt(
      { file },
      `This is no database of ase: ${(error as Error).message}`,
      'Name a .db file that ase.db wrote; other databases cannot be read as data.',
    );
  }
}

function frameOf(row: Row, index: number, file: string, budget: Budget): Frame {
  const line = index + 1;
  const atoms = Number(row.natoms ?? (row.numbers as Uint8Array | undefined)?.length ?? 0);
  const booked = 8 * atoms * 16;
  budget.reserve(booked, { file });
  const values = new Map<string, NdArray | TextArray>();
  const varying = new Set<string>();
  for (const { column, name, type, width } of arrays) {
    const blob = row[column];
    if (!(blob instanceof Uint8Array)) continue;
    const bytes = type === 'int32' ? 4 : 8;
    if (blob.length !== atoms * width * bytes) {
      throw corrupt(
        { file, member: column },
        `Row ${line}: "${column}" has ${blob.length} bytes; ${atoms} atoms need ${atoms * width * bytes}`,
      );
    }
    const data = decodeNumbers(Uint8Array.from(blob), type, false, { file, member: column });
    const shape = width === 1 ? [atoms] : [atoms, width];
    values.set(name, data instanceof Int32Array ? integer(shape, data) : real(shape, data));
    varying.add(name);
  }
  addFixed(values, row, 'cell', 'Lattice', [3, 3]);
  addFixed(values, row, 'stress', 'stress', [6]);
  addFixed(values, row, 'dipole', 'dipole', [3]);
  for (const name of numbers) if (typeof row[name] === 'number') values.set(name, real([], [row[name]]));
  for (const [name, value] of keyValues(row.key_value_pairs)) if (!values.has(name)) values.set(name, value);
  return { index, line, atoms, varying, values, bytes: booked };
}

function addFixed(
  values: Map<string, NdArray | TextArray>,
  row: Row,
  column: string,
  name: string,
  shape: readonly number[],
): void {
  const blob = row[column];
  const size = shape.reduce((product, n) => product * n, 1);
  if (blob instanceof Uint8Array && blob.length === 8 * size) {
    values.set(name, real(shape, decodeNumbers(Uint8Array.from(blob), 'float64', false, {})));
  }
}

/** The row's own keys, a JSON object of numbers, truth values and texts. */
function keyValues(json: unknown): [string, NdArray | TextArray][] {
  if (typeof json !== 'string') return [];
  let pairs: unknown;
  try {
    pairs = JSON.parse(json);
  } catch {
    return [];
  }
  return Object.entries((pairs ?? {}) as object).flatMap(([key, value]): [string, NdArray | TextArray][] => {
    if (typeof value === 'number') return [[key, real([], [value])]];
    if (typeof value === 'boolean') return [[key, integer([], [value ? 1 : 0])]];
    return typeof value === 'string' ? [[key, { shape: [], text: [value] }]] : [];
  });
}
