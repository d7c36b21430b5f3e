/**
 * mmCIF, the Protein Data Bank's own format: the atom_site table, one sample a model (pdbx_PDB_model_num), and the cell.
 * Dictionary: mmcif.wwpdb.org. Chains and residues go by their authors' names, as in PDB files.
 */
import { Fault } from '../../fault.ts';
import type { NdArray } from '../../tensor/array.ts';
import type { ByteSource } from '../bytes.ts';
import type { FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { readLines } from '../lines.ts';
import { parseInteger, parseReal } from '../text-values.ts';
import { type CifToken, cifTokens } from './cif-tokens.ts';
import { type AtomRecord, latticeOf, macromoleculeFile, recordBytes } from './macromolecule.ts';
import { badLine } from './syntax.ts';

interface Row {
  readonly model: string;
  readonly record: AtomRecord;
  readonly line: number;
}

/** Opens a file for one walk. Values: see `macromoleculeValues`, and Lattice. */
export function openMmcif(bytes: ByteSource, budget: Budget): FrameFile {
  const cell = new Map<string, number>();
  const rows = atomRows(cifTokens(readLines(bytes), bytes.file), cell, bytes.file);
  let ahead: Row | undefined;

  return macromoleculeFile(bytes, budget, () => {
    const first = ahead ?? rows.next().value;
    if (!first) return undefined;
    const records: AtomRecord[] = [];
    let row: Row | undefined = first;
    while (row && row.model === first.model) {
      budget.reserve(recordBytes, { file: bytes.file, line: row.line });
      records.push(row.record);
      row = rows.next().value;
    }
    ahead = row;
    return { records, line: first.line, lattice: cellOf(cell) };
  });
}

/** Walks through the file up to and through its atom_site table; numbers of the cell before it are put into `cell`. */
function* atomRows(
  tokens: Generator<CifToken, undefined>,
  cell: Map<string, number>,
  file: string | undefined,
): Generator<Row, undefined> {
  let token = tokens.next().value;
  let found = false;
  while (token) {
    const { kind, text } = token;
    const word = text.toLowerCase();
    if (kind === 'bare' && word === 'loop_') {
      const names: string[] = [];
      token = tokens.next().value;
      while (token && token.kind === 'bare' && token.text.startsWith('_')) {
        names.push(token.text.toLowerCase());
        token = tokens.next().value;
      }
      const wanted = names.some((name) => name.startsWith('_atom_site.'));
      if (wanted && found) return;
      found ||= wanted;
      const columns = wanted ? columnsOf(names, token?.line ?? 0, file) : undefined;
      while (token && isValue(token)) {
        const row = [token];
        for (let i = 1; i < names.length; i++) {
          const more = tokens.next().value;
          if (!more || !isValue(more)) {
            throw badLine(
              'mmCIF',
              { file, line: (more ?? token).line },
              'a row of a table is complete',
              `${names.length} values`,
              `${i} values`,
            );
          }
          row.push(more);
        }
        if (columns) yield rowOf(row, columns, file);
        token = tokens.next().value;
      }
    } else if (kind === 'bare' && word.startsWith('_cell.')) {
      const value = tokens.next().value;
      const number = value && parseReal(withoutUncertainty(value.text));
      if (number !== undefined) cell.set(word.slice('_cell.'.length), number);
      token = tokens.next().value;
    } else {
      token = tokens.next().value;
    }
  }
  if (found) return;
  throw new Fault({
    code: 'data/missing-array',
    message: 'The file has no table of atoms (atom_site), so it is no mmCIF file of a structure',
    expected: 'loop_ with _atom_site.Cartn_x and the like',
    found: 'no such table',
    place: { file },
    advice:
      'Small-molecule CIF files have fractional coordinates; convert them to extended XYZ, for example with ase.',
  });
}

/** A value is what is quoted, or a bare word that is no name and no keyword. */
function isValue({ kind, text }: CifToken): boolean {
  if (kind === 'quoted') return true;
  return !text.startsWith('_') && !/^(?:loop_|data_.*|save_.*|stop_|global_)$/i.test(text);
}

type Columns = (name: string) => number | undefined;

function columnsOf(names: readonly string[], line: number, file: string | undefined): Columns {
  const positions = new Map(names.map((name, i) => [name.slice('_atom_site.'.length), i]));
  for (const needed of ['cartn_x', 'cartn_y', 'cartn_z']) {
    if (positions.has(needed)) continue;
    throw badLine(
      'mmCIF',
      { file, line },
      'atom_site has coordinates',
      `_atom_site.${needed.replace('c', 'C')}`,
      names.join(' '),
    );
  }
  return (name) => positions.get(name);
}

function rowOf(row: readonly CifToken[], columns: Columns, file: string | undefined): Row {
  const { line } = row[0]!;
  const text = (...choices: string[]): string => {
    for (const name of choices) {
      const at = columns(name);
      const token = at === undefined ? undefined : row[at]!;
      // A bare "." or "?" says that there is no value.
      if (token && !(token.kind === 'bare' && (token.text === '.' || token.text === '?'))) return token.text;
    }
    return '';
  };
  const number = (name: string, otherwise?: number): number => {
    const cell = text(name);
    const value = cell === '' && otherwise !== undefined ? otherwise : parseReal(withoutUncertainty(cell));
    if (value !== undefined) return value;
    throw badLine(
      'mmCIF',
      { file, line: row[columns(name)!]!.line },
      `${name} of an atom is a number`,
      'a number',
      cell,
    );
  };
  return {
    model: text('pdbx_pdb_model_num'),
    line,
    record: {
      x: number('cartn_x'),
      y: number('cartn_y'),
      z: number('cartn_z'),
      element: text('type_symbol'),
      name: text('auth_atom_id', 'label_atom_id'),
      alternate: text('label_alt_id'),
      residueName: text('auth_comp_id', 'label_comp_id'),
      chain: text('auth_asym_id', 'label_asym_id'),
      residue: parseInteger(text('auth_seq_id', 'label_seq_id')) ?? 0,
      insertion: text('pdbx_pdb_ins_code'),
      occupancy: number('occupancy', 1),
      bFactor: number('b_iso_or_equiv', 0),
      hetero: text('group_pdb') === 'HETATM',
    },
  };
}

/** "1.234(5)" has its uncertainty behind it. */
function withoutUncertainty(text: string): string {
  return text.replace(/\(\d+\)$/, '');
}

function cellOf(cell: ReadonlyMap<string, number>): NdArray | undefined {
  const of = (names: readonly string[]) => names.map((name) => cell.get(name));
  const lengths = of(['length_a', 'length_b', 'length_c']);
  const angles = of(['angle_alpha', 'angle_beta', 'angle_gamma']);
  const known = [...lengths, ...angles].every((value) => value !== undefined);
  return known ? latticeOf(lengths as number[], angles as number[]) : undefined;
}
