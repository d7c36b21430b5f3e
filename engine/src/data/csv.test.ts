import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { integer, type NdArray, real } from '../tensor/array.ts';
import { inspectDataFile, readCsv } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => Object.fromEntries(readCsv(new TextEncoder().encode(text)));

function faultOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof Error && 'finding' in error)
      return error.finding as { code: string; message: string };
    throw error;
  }
  throw new Error('no Fault was thrown');
}

describe('columns', () => {
  it('are numbers, truth values or text by what is in them', () => {
    expect(read('i,r,t,b\n1,1.5,x,true\n-2,2e3,7,FALSE\n')).toEqual({
      i: integer([2], [1, -2]),
      r: real([2], [1.5, 2000]),
      t: { shape: [2], text: ['x', '7'] },
      b: integer([2], [1, 0]),
    });
  });

  it('have NaN or an empty text where a value is missing', () => {
    const { i, r, t, none } = read('i,r,t,none\n1,?,a,\n,2.5,?,?\n');
    expect([...(i as NdArray).data]).toEqual([1, Number.NaN]);
    expect([...(r as NdArray).data]).toEqual([Number.NaN, 2.5]);
    expect(t).toEqual({ shape: [2], text: ['a', ''] });
    expect(none).toEqual({ shape: [2], text: ['', ''] });
  });

  it('may be quoted (which keeps spaces), spaced, and separated by semicolons or tabs; lines may end as on Windows', () => {
    expect(read('\ufeff"a, b", c\r\n"1", " x ""y"" "\r\n')).toEqual({
      'a, b': integer([1], [1]),
      c: { shape: [1], text: [' x "y" '] },
    });
    expect(read('a;b\n1;0,5\n')).toEqual({ a: integer([1], [1]), b: { shape: [1], text: ['0,5'] } });
    expect(read('a\tb\n1\t2\n\n')).toEqual({ a: integer([1], [1]), b: integer([1], [2]) });
    expect(read('a\n1\n2')).toEqual({ a: integer([2], [1, 2]) });
  });

  it('give back any table of numbers that was written', () => {
    const row = fc.tuple(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.double({ noNaN: true, min: 0.1, max: 0.9 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const { n, x } = read(`n,x\n${rows.map((cells) => cells.join(',')).join('\n')}`);
        expect([...(n as NdArray).data]).toEqual(rows.map(([value]) => value));
        expect([...(x as NdArray).data]).toEqual(rows.map(([, value]) => value));
      }),
    );
  });
});

describe('wrong tables', () => {
  it.each([
    ['', 'data/empty', 'The table is empty: it has no header line'],
    ['a,b\n1,2\n3\n', 'data/syntax', 'Line 3 has another number of cells than the header'],
    ['a,b\n1,"2\n', 'data/syntax', /^The table has a quote that is not closed/],
    ['a,b\n1,x"y"z\n', 'data/syntax', /^The table has a quote/],
    ['1,2\n3,4\n', 'data/syntax', 'The table has no header: its first line holds numbers'],
    ['a,b,a\n1,2,3\n', 'data/syntax', 'The header names the column "a" twice'],
  ])('refuses %j', (text, code, message) => {
    const finding = faultOf(() => read(text));
    expect(finding.code).toBe(code);
    expect(finding.message).toMatch(message);
  });

  it('books memory as it reads', () => {
    const text = new TextEncoder().encode(`a\n${'1\n'.repeat(1000)}`);
    expect(faultOf(() => readCsv(text, { maxBytes: 20000 })).code).toBe('data/too-large');
    expect(readCsv(text, { maxBytes: 50000 }).size).toBe(1);
  });
});

describe('inspection', () => {
  it('gives rows and types of a short table, and leaves the rows of a long one open', async () => {
    const short = join(folder, 'short.tsv');
    writeFileSync(short, 'a\tb\n1\tx\n2\ty\n');
    expect(await inspectDataFile(short)).toEqual([
      { name: 'a', dtype: 'int32', shape: [2] },
      { name: 'b', dtype: 'text', shape: [2] },
    ]);
    const long = join(folder, 'long.csv');
    writeFileSync(long, `a,b\n${'1,é\n'.repeat(400_000)}`);
    expect(await inspectDataFile(long)).toEqual([
      { name: 'a', dtype: 'int32', shape: [null] },
      { name: 'b', dtype: 'text', shape: [null] },
    ]);
  });
});
