/** HDF5 and Parquet, against files that h5py and pyarrow wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray, TextArray } from '../tensor/array.ts';
import type { ArrayFile } from './array-file.ts';
import { openDataFile } from './formats.ts';
import { inspectDataFile, loadDataset } from './index.ts';
import { openBudget } from './limits.ts';
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
} from './testing.ts';

const folder = join(fixtures, 'data/libraries');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const { write } = scratch();

async function opened(name: string): Promise<ArrayFile> {
  return (await openDataFile(join(folder, name), openBudget(limits))) as ArrayFile;
}

describe('HDF5', () => {
  it('lists datasets by their path, with the types that h5py shows', async () => {
    const listed = await inspectDataFile(join(folder, 'sample.h5'));
    expect(
      Object.fromEntries(listed.map(({ name, dtype, shape }) => [name, `${dtype} [${shape.join(', ')}]`])),
    ).toEqual({
      big: 'int32 [3]',
      fixed: 'text [2]',
      'group/energy': 'float64 [4]',
      'group/half': 'float16 [3]',
      mask: 'bool [3]',
      names: 'text [3]',
      numbers: 'int64 [4, 5]',
      positions: 'float32 [4, 5, 3]',
      record: 'structured [1]',
      scalar: 'float64 []',
    });
  });

  it('reads every number and text as h5py wrote it', async () => {
    const file = await opened('sample.h5');
    for (const [name, { shape, values }] of Object.entries<{ shape: number[]; values: number[] }>(
      expected.h5,
    )) {
      const array = (await file.read(file.find(name)!)) as NdArray;
      expect(array.shape, name).toEqual(shape);
      expect([...array.data], name).toEqual(values);
    }
    expect(((await file.read(file.find('names')!)) as TextArray).text).toEqual(['one', 'zwei', 'três']);
    expect(((await file.read(file.find('/fixed')!)) as TextArray).text).toEqual(['ab', 'c']);
    expect(await file.vocabulary(file.find('names')!)).toEqual(['one', 'três', 'zwei']);
    file.close();
  });

  it('binds samples and reads only those that are used', async () => {
    const fields = [
      field('x', type(position, 'atom'), 'positions'),
      field('energy', type(scalar), 'group/energy'),
      field('numbers', type(category(9), 'atom')),
    ];
    const { samples, available } = await loadDataset(
      spec(join(folder, 'sample.h5'), fields, { skip: 2, samples: 1 }),
      limits,
    );
    expect(available).toBe(4);
    expect([...samples[0]!.values.x!.data]).toEqual(expected.h5.positions.values.slice(30, 45));
    expect([...samples[0]!.values.energy!.data]).toEqual([expected.h5['group/energy'].values[2]]);
  });

  it('says what cannot be read', async () => {
    const record = await faultOf(spec(join(folder, 'sample.h5'), [field('record', type(scalar))]));
    expect(record).toMatchObject({ code: 'data/unsupported-dtype', found: 'structured' });
    const whole = readFileSync(join(folder, 'sample.h5'));
    const broken = await faultOf(
      spec(write('cut.h5', whole.subarray(0, 3000)), [field('scalar', type(scalar))]),
    );
    expect(broken).toMatchObject({
      code: 'data/corrupt',
      message: expect.stringContaining('no HDF5 file that can be read'),
    });
    const text = await faultOf(spec(write('text.h5', 'not hdf5'), [field('scalar', type(scalar))]));
    expect(text.code).toBe('data/wrong-magic');
  });

  it('reads rows of half-precision numbers', async () => {
    const half = [field('half', type(scalar), 'group/half')];
    const { samples } = await loadDataset(spec(join(folder, 'sample.h5'), half, { skip: 1 }), limits);
    expect(samples.map(({ values }) => values.half!.data[0])).toEqual([-2, 65504]);
  });
});

describe('Parquet', () => {
  for (const codec of ['none', 'snappy', 'gzip', 'zstd']) {
    it(`reads columns and lists of numbers, ${codec}`, async () => {
      const fields = [
        field('x', type(scalar)),
        field('y', type(scalar)),
        field('n', type(scalar)),
        field('position', type(position)),
        field('kind', type(category(3))),
        field('flag', type(category(2))),
      ];
      const { samples } = await loadDataset(spec(join(folder, `${codec}.parquet`), fields), limits);
      const all = (name: string) => samples.flatMap(({ values }) => [...values[name]!.data]);
      for (const name of ['x', 'y', 'n', 'position']) expect(all(name), name).toEqual(expected.parquet[name]);
      expect(all('kind')).toEqual([0, 1, 0, 2, 1, 0]);
      expect(all('flag')).toEqual([1, 0, 1, 1, 0, 0]);
    });
  }

  it('lists columns', async () => {
    const listed = await inspectDataFile(join(folder, 'snappy.parquet'));
    expect(listed.map(({ name, dtype, shape }) => `${name} ${dtype} ${shape.join('x')}`)).toEqual([
      'x float64 6',
      'y float32 6',
      'n int64 6',
      'flag bool 6',
      'kind text 6',
      'position float64 6x3',
      'ragged float64 6x1',
      'holes float64 6',
    ]);
  });

  it('says what is wrong', async () => {
    const file = join(folder, 'snappy.parquet');
    expect(await faultOf(spec(file, [field('holes', type(scalar))]))).toMatchObject({
      code: 'data/missing-value',
      message: 'Row 1: column "holes" has no value',
    });
    expect(await faultOf(spec(file, [field('ragged', type(scalar, 1))]))).toMatchObject({
      code: 'data/size-mismatch',
      message: 'Row 1: "ragged" has 2 entries; the first row has 1',
    });
    const cut = await faultOf(
      spec(write('cut.parquet', readFileSync(file).subarray(0, 900)), [field('x', type(scalar))]),
    );
    expect(cut).toMatchObject({ code: 'data/corrupt', message: expect.stringContaining('no Parquet file') });
  });
});
