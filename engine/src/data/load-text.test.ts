/** Tables and structures. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { integer, real } from '../tensor/array.ts';
import { loadDataset } from './index.ts';
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
  vector,
} from './testing.ts';

const { write } = scratch();

describe('tables', () => {
  const iris = join(fixtures, 'data/iris.csv');

  it('takes each row as a sample', async () => {
    const fields = [field('x0', type(scalar)), field('class', type(category(3)))];
    const { samples, available } = await loadDataset(spec(iris, fields, { skip: 149 }), limits);
    expect(available).toBe(150);
    expect(samples[0]).toEqual({
      id: 'iris.csv[149]',
      values: { x0: real([], [5.9]), class: integer([], [2]) },
      sizes: {},
    });
  });

  it('takes the whole table as one sample, several columns as one array', async () => {
    const fields = [
      field('x', type(scalar, 'row', 'feature'), 'x0, x1, x2, x3'),
      field('class', type(category(3), 'row')),
    ];
    const { samples } = await loadDataset(spec(iris, fields), limits);
    expect(samples[0]!.sizes).toEqual({ row: 150, feature: 4 });
    expect([...samples[0]!.values.x!.data.subarray(0, 4)]).toEqual([5.1, 3.5, 1.4, 0.2]);
  });

  it('refuses a missing value that is used, and only that', async () => {
    const file = write('gaps.csv', 'x,kind\n1,a\n?,\n3,b\n');
    const fields = [field('x', type(scalar)), field('kind', type(category(2)))];
    expect(await faultOf(spec(file, fields))).toMatchObject({
      code: 'data/missing-value',
      message: 'Line 3: column "x" has no value (1 of 3 rows lack it)',
      place: { file, member: 'x', line: 3 },
    });
    const { samples } = await loadDataset(spec(file, fields, { skip: 2 }), limits);
    expect(samples[0]!.values).toEqual({ x: real([], [3]), kind: integer([], [1]) });
  });
});

describe('structures', () => {
  const ethanol = join(fixtures, 'data/ethanol.extxyz');

  it('loads an ethanol trajectory under the names people use', async () => {
    const fields = [
      field('positions', type(position, 'atom')),
      field('Z', type(category(10), 'atom')),
      field('forces', type(vector, 'atom')),
      field('energy', type(scalar)),
      field('cell', type({ kind: 'tensor', rank: 2, dim: 3 })),
      field('element', type(category(3), 'atom')),
    ];
    const { samples, available } = await loadDataset(spec(ethanol, fields, { skip: 12, samples: 3 }), limits);
    expect(available).toBe(20);
    expect(samples.map(({ id }) => id)).toEqual([12, 13, 14].map((n) => `frame ${n} of ethanol.extxyz`));
    const { values, sizes } = samples[0]!;
    expect(sizes).toEqual({ atom: 9 });
    expect(values.Z).toEqual(integer([9], [6, 6, 8, 1, 1, 1, 1, 1, 1]));
    expect(values.element).toEqual(integer([9], [0, 0, 2, 1, 1, 1, 1, 1, 1]));
    expect(values.cell).toEqual(real([3, 3], [50, 0, 0, 0, 50, 0, 0, 0, 50]));
    expect(values.energy!.data[0]).toBeLessThan(-4000);
  });

  it('lets sizes differ between frames, but not inside one', async () => {
    const file = write(
      'mixed.extxyz',
      '1\nProperties=species:S:1:pos:R:3 q="1.0 2.0"\nH 0 0 0\n2\nProperties=species:S:1:pos:R:3 q="1.0 2.0"\nO 0 0 0\nH 0 0 1\n',
    );
    const { samples } = await loadDataset(spec(file, [field('pos', type(position, 'atom'))]), limits);
    expect(samples.map(({ sizes }) => sizes.atom)).toEqual([1, 2]);
    expect(
      await faultOf(spec(file, [field('pos', type(position, 'atom')), field('q', type(scalar, 'atom'))])),
    ).toMatchObject({
      code: 'data/size-mismatch',
      message: '"pos" and "q" disagree on the size of atom in frame 0 of mixed.extxyz: 1 and 2',
      place: { line: 1, member: 'q' },
    });
  });

  it('codes symbols by the whole file, whatever part is used', async () => {
    const file = write('codes.xyz', ['O', 'C', 'H'].map((s) => `1\n\n${s} 0 0 0\n`).join(''));
    const fields = [field('species', type(category(3), 'atom'))];
    for (const [skip, code] of [2, 0, 1].entries()) {
      const { samples } = await loadDataset(spec(file, fields, { skip, samples: 1 }), limits);
      expect(samples[0]!.values.species!.data[0], `skip ${skip}`).toBe(code);
    }
  });

  it('lists what a frame has', async () => {
    expect(await faultOf(spec(ethanol, [field('dipole', type(vector))]))).toMatchObject({
      code: 'data/missing-array',
      found: expect.stringContaining('pos (float64 [9, 3])'),
      place: { file: ethanol, member: 'dipole', line: 1 },
    });
    expect(
      (await faultOf(spec(ethanol, [field('pos', type(position, 'atom'))], { sizes: { atom: 'n' } }))).code,
    ).toBe('data/no-padding');
    expect((await faultOf(spec(ethanol, [field('config_type', type(scalar))]))).code).toBe(
      'data/wrong-dtype',
    );
  });

  it('points at the line of a symbol that is no element', async () => {
    const file = write('odd.xyz', '2\n\nC 0 0 0\nXx 0 0 1\n');
    expect(await faultOf(spec(file, [field('numbers', type(category(119), 'atom'))]))).toMatchObject({
      code: 'data/unknown-element',
      place: { line: 4 },
    });
  });
});
