/** Readers of structures and graphs, against files that the field's libraries and databases wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray, TextArray } from '../../tensor/array.ts';
import { openDataFile } from '../formats.ts';
import type { Frame, FrameFile } from '../frames.ts';
import { inspectDataFile, loadDataset } from '../index.ts';
import { openBudget } from '../limits.ts';
import {
  category,
  faultOf,
  field,
  fixtures,
  limits,
  position,
  scalar,
  scratch,
  spec,
  type,
} from '../testing.ts';

const folder = join(fixtures, 'data/libraries');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const { write } = scratch();

async function framesOf(path: string): Promise<Frame[]> {
  const file = (await openDataFile(path, openBudget(limits))) as FrameFile;
  const frames: Frame[] = [];
  for (let frame = file.next(); frame; frame = file.next()) frames.push(frame);
  file.close();
  return frames;
}

const text = (frame: Frame, name: string) => (frame.values.get(name) as TextArray).text;
const numbers = (frame: Frame, name: string) => [...(frame.values.get(name) as NdArray).data];

describe('MDL molecules', () => {
  for (const version of ['v2000', 'v3000']) {
    it(`reads the atoms, charges, bonds and data items that rdkit wrote as ${version}`, async () => {
      const frames = await framesOf(join(folder, `${version}.sdf`));
      expect(frames.map((frame) => text(frame, 'name'))).toEqual([['acetate'], ['ammonium']]);
      for (const [i, frame] of frames.entries()) {
        const { species, positions, charge, bonds, order } = expected.sdf[i];
        expect(text(frame, 'species')).toEqual(species);
        expect(numbers(frame, 'charge')).toEqual(charge);
        expect(numbers(frame, 'bonds')).toEqual(bonds.flat());
        expect(numbers(frame, 'bond_order')).toEqual(order);
        for (const [j, value] of numbers(frame, 'pos').entries()) expect(value).toBeCloseTo(positions[j], 3);
        expect(numbers(frame, 'logP')).toEqual([-0.25]);
        expect(text(frame, 'remark')).toEqual(['made\nin two lines']);
      }
    });
  }

  it('binds molecules of different sizes, bonds as an index set of their own, and skips', async () => {
    const fields = [
      field('positions', type(position, 'atom')),
      field('numbers', type(category(10), 'atom')),
      field('bond_order', type(scalar, 'bond')),
    ];
    const { samples, available } = await loadDataset(
      spec(join(folder, 'v2000.sdf'), fields, { skip: 1 }),
      limits,
    );
    expect(available).toBe(2);
    expect(samples).toHaveLength(1);
    expect(samples[0]!.sizes).toEqual({ atom: 5, bond: 4 });
    expect([...samples[0]!.values.numbers!.data]).toEqual([7, 1, 1, 1, 1]);
  });

  it('says what a line should be', async () => {
    const good = readFileSync(join(folder, 'v2000.sdf'), 'utf8');
    const lines = good.split('\n');
    lines[5] = lines[5]!.replace(/^ +-?[\d.]+/, (number) => 'x'.padStart(number.length));
    const finding = await faultOf(
      spec(write('broken.sdf', lines.join('\n')), [field('pos', type(position, 'atom'))]),
    );
    expect(finding).toMatchObject({
      code: 'data/syntax',
      message:
        'Line 6 is not an MDL molfile: an atom has three coordinates; expected a number, found "         x"',
      place: { line: 6 },
    });
    const cut = await faultOf(
      spec(write('cut.sdf', lines.slice(0, 5).join('\n')), [field('pos', type(position, 'atom'))]),
    );
    expect(cut.code).toBe('data/truncated');
  });
});

describe('macromolecules', () => {
  it('reads a PDB file: atoms, residues, the cell, water as hetero atoms', async () => {
    const [frame, ...rest] = await framesOf(join(folder, '430d-start.pdb'));
    expect(rest).toEqual([]);
    expect(frame!.atoms).toBe(126);
    expect(text(frame!, 'species').slice(0, 3)).toEqual(['O', 'C', 'C']);
    expect(text(frame!, 'atom_name')[0]).toBe("O5'");
    expect(text(frame!, 'residue_name')[0]).toBe('G');
    expect(numbers(frame!, 'hetero').filter((value) => value === 1)).toHaveLength(6);
    expect(numbers(frame!, 'residue_index').at(-1)).toBeGreaterThan(6);
    const lattice = numbers(frame!, 'Lattice');
    expect(lattice[0]).toBeGreaterThan(20);
    expect(lattice.slice(1, 3)).toEqual([0, 0]);
  });

  it('reads the models of an mmCIF file as samples, under the names of a PDB file', async () => {
    const path = join(folder, '1l2y-start.cif');
    const frames = await framesOf(path);
    expect(frames.map(({ atoms }) => atoms)).toEqual([56, 56]);
    expect(text(frames[0]!, 'residue_name')[0]).toBe('ASN');
    expect(numbers(frames[0]!, 'pos').slice(0, 3)).toEqual([-8.901, 4.127, -0.555]);
    expect(numbers(frames[1]!, 'pos')).not.toEqual(numbers(frames[0]!, 'pos'));
    // An ensemble in solution has no crystal; its cell of 1 x 1 x 1 is no lattice.
    expect(frames[0]!.values.has('Lattice')).toBe(false);
    const names = (await inspectDataFile(path)).map(({ name, shape }) => `${name} ${shape.join('x')}`);
    expect(names).toContain('pos 2x56x3');
    expect(names).toContain('numbers 2x56');
  });

  it('keeps the first of alternate locations, and finds the element where only the name tells it', async () => {
    const atom = (name: string, alternate: string, x: string) =>
      `ATOM      1 ${name}${alternate}SER A   1    ${x.padStart(8)}   0.000   0.000`;
    const path = write(
      'alternate.pdb',
      [atom(' CA ', 'A', '1.000'), atom(' CA ', 'B', '2.000'), atom('CL  ', ' ', '3.000'), 'END', ''].join(
        '\n',
      ),
    );
    const [frame] = await framesOf(path);
    expect(numbers(frame!, 'pos')).toEqual([1, 0, 0, 3, 0, 0]);
    expect(text(frame!, 'species')).toEqual(['C', 'Cl']);
    expect(numbers(frame!, 'occupancy')).toEqual([1, 1]);
  });

  it('says what is wrong with either format', async () => {
    const fields = [field('pos', type(position, 'atom'))];
    const pdb = await faultOf(
      spec(write('bad.pdb', 'ATOM      1  CA  SER A   1       1.000   oops    0.000\n'), fields),
    );
    expect(pdb.message).toBe(
      'Line 1 is not a PDB file: columns 39 to 46 hold the coordinate y; expected a number, found "oops"',
    );
    const none = await faultOf(spec(write('powder.cif', 'data_x\n_cell.length_a 5.4(1)\n'), fields));
    expect(none).toMatchObject({
      code: 'data/missing-array',
      message: expect.stringContaining('no table of atoms'),
    });
    const open = await faultOf(spec(write('open.cif', "data_x\n_a.b 'never closed\n"), fields));
    expect(open.message).toBe('The quoted value that starts on line 2 is not closed');
  });
});

describe('databases of ase', () => {
  it('reads arrays, energies and keys of every row', async () => {
    const frames = await framesOf(join(folder, 'structures.db'));
    expect(frames).toHaveLength(3);
    for (const [i, stored] of expected.ase.entries()) {
      expect(numbers(frames[i]!, 'numbers')).toEqual(stored.numbers);
      expect(numbers(frames[i]!, 'pos')).toEqual(stored.positions);
      expect(numbers(frames[i]!, 'forces')).toEqual(stored.forces);
      expect(numbers(frames[i]!, 'energy')).toEqual([stored.numbers.length]);
    }
    expect(text(frames[0]!, 'formula_name')).toEqual(['H2O']);
    expect(numbers(frames[0]!, 'relaxed')).toEqual([1]);
    expect(numbers(frames[2]!, 'Lattice')).toEqual([5.6, 0, 0, 0, 5.6, 0, 0, 0, 5.6]);
  });

  it('refuses other files', async () => {
    const finding = await faultOf(
      spec(write('other.db', 'no database at all'), [field('pos', type(position, 'atom'))]),
    );
    expect(finding).toMatchObject({
      code: 'data/corrupt',
      message: expect.stringContaining('no database of ase'),
    });
  });
});

describe('edge lists', () => {
  it('reads pairs with weights, and numbers the nodes in order', async () => {
    const [frame] = await framesOf(write('plain.edgelist', '# a comment\n10 2 0.5\n2 1 2\n10 2 1.5\n'));
    expect(text(frame!, 'node')).toEqual(['1', '2', '10']);
    expect(numbers(frame!, 'edges')).toEqual([2, 1, 1, 0, 2, 1]);
    expect(numbers(frame!, 'adjacency')).toEqual([0, 0, 0, 2, 0, 0, 0, 2, 0]);
  });

  it('reads named columns with times as snapshots', async () => {
    const [frame] = await framesOf(write('contacts.edges', 't,source,target\n20,a,b\n40,b,c\n20,a,c\n'));
    expect(frame!.values.get('adjacency')!.shape).toEqual([2, 3, 3]);
    expect(numbers(frame!, 'times')).toEqual([20, 40]);
    expect(numbers(frame!, 'adjacency').slice(0, 9)).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('does not guess at more columns than it can name', async () => {
    const fields = [field('weight', type(scalar, 'edge'))];
    const finding = await faultOf(spec(write('wide.edges', '20 1 2 0.5\n'), fields));
    expect(finding.message).toBe(
      'Line 1 is not an edge list: a line without a header above it is an edge; expected source and target, or source, target and weight, found "20 1 2 0.5"',
    );
  });
});
