import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { integer, real } from '../tensor/array.ts';
import { commentValue, parseProperties, splitComment } from './extxyz-comment.ts';
import { inspectDataFile, readXyz } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-xyz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ethanol = join(import.meta.dirname, '../../../test-fixtures/data/ethanol.extxyz');
const bytes = (text: string) => new TextEncoder().encode(text);

function faultOf(text: string) {
  try {
    readXyz(bytes(text));
  } catch (error) {
    if (error instanceof Error && 'finding' in error)
      return error.finding as { code: string; message: string };
    throw error;
  }
  throw new Error('no Fault was thrown');
}

describe('comment lines', () => {
  it.each([
    ['a=1 b=two', { a: '1', b: 'two' }],
    ['a = 1   b= 2', { a: '1', b: '2' }],
    ['name="two words" flag q=\'x y\'', { name: 'two words', flag: 'T', q: 'x y' }],
    ['a="say \\"hi\\"" "odd key"=3', { a: 'say "hi"', 'odd key': '3' }],
    ['v={1 2 3} m=[[1, 2], [3, 4]]', { v: '{1 2 3}', m: '[[1, 2], [3, 4]]' }],
    ['url=http://x/?a=b', { url: 'http://x/?a=b' }],
    ['', {}],
  ])('splits %s', (line, pairs) => {
    expect(Object.fromEntries(splitComment(line)!)).toEqual(pairs);
  });

  it.each(['a="open', 'v={1 2', '=1'])('refuses %s', (line) => {
    expect(splitComment(line)).toBeUndefined();
  });

  it.each([
    ['-3', integer([], [-3])],
    ['1.5', real([], [1.5])],
    ['1.0D-3', real([], [0.001])],
    ['T', integer([], [1])],
    ['T F T', integer([3], [1, 0, 1])],
    ['1 2.5', real([2], [1, 2.5])],
    ['[1, 2]', integer([2], [1, 2])],
    ['{3}', integer([1], [3])],
    ['[[1, 2, 3], [4, 5, 6.5]]', real([2, 3], [1, 2, 3, 4, 5, 6.5])],
    ['_JSON [209.44, 80.54]', real([2], [209.44, 80.54])],
    // Nine numbers are a matrix, column after column.
    ['1 2 3 4 5 6 7 8 9', integer([3, 3], [1, 4, 7, 2, 5, 8, 3, 6, 9])],
    ['H2O', { shape: [], text: ['H2O'] }],
    ['two words', { shape: [], text: ['two words'] }],
    ['12345678901', real([], [12345678901])],
  ])('reads %s', (text, value) => {
    expect(commentValue(text)).toEqual(value);
  });

  it('reads descriptions of columns', () => {
    expect(parseProperties('species:S:1:pos:R:3')).toEqual([
      { name: 'species', type: 'S', columns: 1 },
      { name: 'pos', type: 'R', columns: 3 },
    ]);
    for (const wrong of ['species:S', 'pos:R:0', 'pos:X:3', ':R:3', 'pos:R:three']) {
      expect(parseProperties(wrong), wrong).toBeUndefined();
    }
  });
});

describe('frames', () => {
  it('reads a real trajectory', () => {
    const frames = readXyz(ethanol);
    expect(frames).toHaveLength(20);
    const { values, line, index } = frames[1]!;
    expect({ line, index }).toEqual({ line: 12, index: 1 });
    expect([...values.keys()].sort()).toEqual(
      ['Lattice', 'OH_dist', 'config_type', 'energy', 'forces', 'pbc', 'pos', 'species'].sort(),
    );
    expect(values.get('pos')!.shape).toEqual([9, 3]);
    expect(values.get('pbc')).toEqual(integer([3], [0, 0, 0]));
    expect(values.get('config_type')).toEqual({ shape: [], text: ['Training_set'] });
    // A trajectory at rest: the forces on all atoms nearly cancel, which they do only if no column is mixed up.
    const forces = values.get('forces') as { data: Float64Array };
    for (const axis of [0, 1, 2]) {
      const sum = forces.data.reduce((total, force, i) => total + (i % 3 === axis ? force : 0), 0);
      expect(Math.abs(sum)).toBeLessThan(0.01);
    }
  });

  it('reads every type of column, Windows line ends, a byte order mark, and blank lines after a frame', () => {
    const text =
      '\ufeff2\r\nProperties=species:S:1:n:I:1:fixed:L:2:pos:R:3\r\nC 7 T F 0 0 1\r\nH -1 F T 1e0 .5 2.\r\n\r\n\r\n';
    const [frame, ...more] = readXyz(bytes(text));
    expect(more).toEqual([]);
    expect(Object.fromEntries(frame!.values)).toEqual({
      species: { shape: [2], text: ['C', 'H'] },
      n: integer([2], [7, -1]),
      fixed: integer([2, 2], [1, 0, 0, 1]),
      pos: real([2, 3], [0, 0, 1, 1, 0.5, 2]),
    });
  });

  it('reads plain XYZ: four columns, and key=value from a comment in prose', () => {
    const [frame] = readXyz(bytes('1\nwater, energy=-1.5 by "someone"\nO 1 2 3 0.4 0.5\n'));
    expect(Object.fromEntries(frame!.values)).toEqual({
      species: { shape: [1], text: ['O'] },
      pos: real([1, 3], [1, 2, 3]),
      energy: real([], [-1.5]),
    });
    expect(readXyz(bytes('1\nit"s open\nO 1 2 3'))[0]!.values.get('pos')).toEqual(real([1, 3], [1, 2, 3]));
  });

  it.each([
    [
      'x\n\n',
      'data/syntax',
      'Line 1 is not extended XYZ: a frame starts with its number of atoms; expected an integer, found "x"',
    ],
    ['-1\n\n', 'data/syntax', /number of atoms/],
    [
      '2\n\nC 0 0 0\n',
      'data/truncated',
      'The file ends too early: it should have 2 atoms in frame 0 and has 1 of them',
    ],
    ['999999999\n\nC 0 0 0\n', 'data/truncated', /999999999 atoms/],
    ['1\nProperties=pos:R:3 name="x\n0 0 0\n', 'data/syntax', /quotes and brackets in pairs/],
    ['1\nProperties=pos:Q:3\n0 0 0\n', 'data/syntax', /name:type:columns/],
    ['1\nProperties=pos:R:3\n0 0 zero\n', 'data/syntax', 'Line 3: "pos" should be a number, not "zero"'],
    ['1\nProperties=pos:R:3\n0 0 ******\n', 'data/syntax', 'Line 3: "pos" should be a number, not "******"'],
    ['1\nProperties=n:I:1\n1.5\n', 'data/syntax', 'Line 3: "n" should be an integer of 32 bits, not "1.5"'],
    ['1\nProperties=pos:R:3\n0 0 0 0\n', 'data/syntax', /expected 3 columns, found "4 columns"/],
  ])('refuses %j', (text, code, message) => {
    const finding = faultOf(text);
    expect(finding.code).toBe(code);
    expect(finding.message).toMatch(message);
  });

  it('gives back what was written, whatever the numbers', () => {
    const value = fc.double({ noNaN: true });
    const frame = fc.record({
      atoms: fc.array(fc.tuple(fc.constantFrom('H', 'C', 'Og'), value, value, value), {
        minLength: 1,
        maxLength: 4,
      }),
      energy: value,
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (frames) => {
        const text = frames
          .map(({ atoms, energy }) => {
            const lines = atoms.map((atom) => atom.map(String).join('  '));
            return `${atoms.length}\nProperties=species:S:1:pos:R:3 e=" ${energy}"\n${lines.join('\n')}\n`;
          })
          .join('');
        const read = readXyz(bytes(text));
        expect(read.map(({ values }) => [...(values.get('pos') as { data: Float64Array }).data])).toEqual(
          frames.map(({ atoms }) => atoms.flatMap(([, ...xyz]) => xyz.map((x) => Number(String(x))))),
        );
      }),
    );
  });
});

describe('inspection', () => {
  it('lists shapes behind an axis of frames, and atomic numbers that follow from symbols', async () => {
    const arrays = await inspectDataFile(ethanol);
    expect(arrays).toContainEqual({ name: 'pos', dtype: 'float64', shape: [20, 9, 3] });
    expect(arrays).toContainEqual({ name: 'energy', dtype: 'float64', shape: [20] });
    expect(arrays).toContainEqual({ name: 'numbers', dtype: 'int32', shape: [20, 9] });
  });

  it('leaves open what differs', async () => {
    const path = join(folder, 'mixed.xyz');
    writeFileSync(path, '1\n\nH 0 0 0\n2\n\nO 0 0 0\nH 0 0 1\n');
    expect(await inspectDataFile(path)).toContainEqual({
      name: 'pos',
      dtype: 'float64',
      shape: [2, null, 3],
    });
  });
});
