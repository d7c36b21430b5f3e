/** Binding declared fields to what files hold. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  float32Parts,
  int64Parts,
  type NpyParts,
  npyBytes,
  npzBytes,
  textParts,
} from '../../../scripts/fixtures/write-npz.ts';
import type { Finding } from '../fault.ts';
import type { FieldType, Representation } from '../signature.ts';
import { integer, real } from '../tensor/array.ts';
import type { DataField, DataSpec } from './dataset.ts';
import { encodeSafetensors, loadDataset } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = join(import.meta.dirname, '../../../test-fixtures');
const limits = { maxBytes: 2 ** 26 };

const scalar = { kind: 'scalar' } as const;
const position = { kind: 'position', dim: 3 } as const;
const category = (count: number) => ({ kind: 'category', count }) as const;

function type(representation: Representation, ...axes: (string | number)[]): FieldType {
  return {
    representation,
    axes: axes.map((axis) => (typeof axis === 'string' ? { index: axis } : { size: axis })),
  };
}

function field(name: string, fieldType: FieldType, source?: string): DataField {
  return { name, type: fieldType, ...(source === undefined ? {} : { source }) };
}

function spec(file: string, fields: DataField[], rest: Partial<DataSpec> = {}): DataSpec {
  return { file, fields, samples: 64, skip: 0, sizes: {}, ...rest };
}

let count = 0;
function write(arrays: Record<string, NpyParts>): string {
  const path = join(folder, `case${count++}.npz`);
  writeFileSync(path, npzBytes(arrays));
  return path;
}

function writeText(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function faultOf(request: DataSpec, ofLimits = limits): Promise<Finding> {
  const error = await loadDataset(request, ofLimits).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.name, String(error?.stack)).toBe('Fault');
  return error.finding;
}

const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

describe('axes of samples', () => {
  const frames = float32Parts([4, 2, 3], range(24));

  it('splits a leading axis, counts what there is, and names samples by their place in the file', async () => {
    const file = write({ R: frames });
    const data = await loadDataset(
      spec(file, [field('R', type(position, 'atom'))], { skip: 1, samples: 2 }),
      limits,
    );
    expect(data.available).toBe(4);
    expect(data.samples.map(({ id }) => id)).toEqual(['case0.npz[1]', 'case0.npz[2]']);
    expect(data.samples[1]).toMatchObject({ values: { R: real([2, 3], range(6, 12)) }, sizes: { atom: 2 } });
  });

  it('takes an array of the declared axes as the one sample', async () => {
    const file = write({ R: float32Parts([2, 3], range(6)) });
    const data = await loadDataset(spec(file, [field('R', type(position, 'atom'))]), limits);
    expect(data).toMatchObject({
      available: 1,
      samples: [{ id: 'case1.npz', values: { R: real([2, 3], range(6)) } }],
    });
  });

  it('repeats what has no axis of samples', async () => {
    const file = write({ R: frames, Z: int64Parts([2], [8, 1]), E: float32Parts([4], range(4)) });
    const fields = [
      field('R', type(position, 'atom')),
      field('Z', type(category(9), 'atom')),
      field('E', type(scalar)),
    ];
    const { samples } = await loadDataset(spec(file, fields), limits);
    expect(samples).toHaveLength(4);
    expect(samples[3]!.values.Z).toEqual(integer([2], [8, 1]));
    expect(samples[3]!.values.Z).toBe(samples[0]!.values.Z);
    expect(samples[3]!.values.E).toEqual(real([], [3]));
  });

  it('reads only the rows that are used, so a large file passes a small limit', async () => {
    const path = join(folder, 'long.npy');
    writeFileSync(path, npyBytes(float32Parts([20000, 2, 3], new Array(120000).fill(1))));
    const fields = [field('long', type(position, 'atom'))];
    expect(
      (await loadDataset(spec(path, fields, { samples: 5, skip: 19990 }), { maxBytes: 4096 })).samples,
    ).toHaveLength(5);
    expect(await faultOf(spec(path, fields, { samples: 20000 }), { maxBytes: 4096 })).toMatchObject({
      code: 'data/too-large',
      place: { file: path, member: 'long' },
    });
  });

  it('wants equally many samples everywhere', async () => {
    const file = write({ R: frames, E: float32Parts([3], range(3)) });
    expect(
      await faultOf(spec(file, [field('R', type(position, 'atom')), field('E', type(scalar))])),
    ).toMatchObject({
      code: 'data/samples-mismatch',
      message: '"R" has 4 samples, "E" has 3',
      place: { member: 'E' },
    });
  });

  it('says which axes it expects where neither form fits', async () => {
    const file = write({ E: float32Parts([4, 1, 1], range(4)) });
    expect(await faultOf(spec(file, [field('E', type(scalar))]))).toMatchObject({
      code: 'data/wrong-rank',
      message: '"E" is declared scalar, shape [sample] or []; the file has float32 [4, 1, 1]',
    });
  });

  it('says when no sample is left', async () => {
    const request = spec(write({ R: frames }), [field('R', type(position, 'atom'))], { skip: 4 });
    expect(await faultOf(request)).toMatchObject({
      code: 'data/no-samples',
      message: 'No sample is left: the file holds 4, skip leaves out 4, samples allows 64',
    });
    expect((await faultOf({ ...request, skip: 0, samples: 0 })).code).toBe('data/no-samples');
  });
});

describe('sizes', () => {
  it('names both fields that disagree on an index set', async () => {
    const file = write({ R: float32Parts([2, 4, 3], range(24)), q: float32Parts([2, 5], range(10)) });
    expect(
      await faultOf(spec(file, [field('R', type(position, 'atom')), field('q', type(scalar, 'atom'))])),
    ).toMatchObject({
      code: 'data/size-mismatch',
      message: '"R" and "q" disagree on the size of atom: 4 and 5',
      place: { member: 'q' },
    });
  });

  it('compares the two axes of one field, and keeps different names apart', async () => {
    const file = write({ A: float32Parts([2, 3], range(6)) });
    expect((await faultOf(spec(file, [field('A', type(scalar, 'node', 'node'))]))).message).toBe(
      '"A" and "A" disagree on the size of node: 2 and 3',
    );
    const { samples } = await loadDataset(spec(file, [field('A', type(scalar, 'row', 'column'))]), limits);
    expect(samples[0]!.sizes).toEqual({ row: 2, column: 3 });
  });

  it('checks fixed axes and the dimension of irreps', async () => {
    const file = write({ x: float32Parts([2, 5], range(10)) });
    expect((await faultOf(spec(file, [field('x', type(scalar, 'n', 4))]))).message).toBe(
      '"x": scalar[n, 4] needs 4, found 5 (the file has float32 [2, 5])',
    );
    const irreps = { kind: 'irreps', irreps: [{ multiplicity: 2, degree: 1, parity: -1 }] } as const;
    expect((await faultOf(spec(file, [field('x', type(irreps, 'n'))]))).message).toBe(
      '"x": irreps needs 6, found 5 (the file has float32 [2, 5])',
    );
  });

  const padded = {
    R: float32Parts([2, 3, 3], [...range(9), 9, 10, 11, Number.NaN, ...new Array(5).fill(0)]),
    adjacency: float32Parts([2, 3, 3], range(18)),
    Z: textParts([3], ['O', 'H', 'C']),
    n: int64Parts([2], [3, 1]),
  };

  it('cuts padding from every axis of the name, also of shared arrays', async () => {
    const fields = [
      field('R', type(position, 'atom')),
      field('adjacency', type(scalar, 'atom', 'atom')),
      field('Z', type(category(3), 'atom')),
    ];
    const { samples } = await loadDataset(spec(write(padded), fields, { sizes: { atom: 'n' } }), limits);
    expect(samples.map(({ sizes }) => sizes.atom)).toEqual([3, 1]);
    // The NaN that stands in the padding does not matter.
    expect(samples[1]!.values).toEqual({
      R: real([1, 3], [9, 10, 11]),
      adjacency: real([1, 1], [9]),
      Z: integer([1], [2]),
    });
    expect(samples[0]!.values.Z).toEqual(integer([3], [2, 1, 0]));
  });

  it('cuts the middle of an array right', async () => {
    const file = write({ A: float32Parts([1, 3, 3], range(9)), n: int64Parts([1], [2]) });
    const request = spec(file, [field('A', type(scalar, 'node', 'node'))], { sizes: { node: 'n' } });
    expect((await loadDataset(request, limits)).samples[0]!.values.A).toEqual(real([2, 2], [0, 1, 3, 4]));
  });

  it('checks the counts', async () => {
    const fields = [field('R', type(position, 'atom'))];
    const over = write({ R: padded.R, n: int64Parts([2], [4, 1]) });
    expect(await faultOf(spec(over, fields, { sizes: { atom: 'n' } }))).toMatchObject({
      code: 'data/wrong-count',
      message: expect.stringMatching(/^case\d+\.npz\[0\] states 4 entries of atom; "R" has room for 3$/),
    });
    const none = write({ R: padded.R, n: int64Parts([2], [3, 0]) });
    expect((await faultOf(spec(none, fields, { sizes: { atom: 'n' } }))).code).toBe('data/empty');
    expect((await faultOf(spec(none, fields, { sizes: { atom: 'm' } }))).code).toBe('data/missing-array');
    expect((await faultOf(spec(none, fields, { sizes: { node: 'n' } }))).code).toBe('data/unknown-index');
  });
});

describe('element types', () => {
  it('makes float64 of integers and booleans, and keeps constants as they are', async () => {
    const file = write({
      a: int64Parts([3], [1, 2, 3]),
      b: { descr: '|b1', shape: [3], data: Uint8Array.of(1, 0, 1) },
    });
    const constant = { kind: 'constant' } as const;
    const fields = [
      field('x', type(scalar, 'n'), 'a'),
      field('y', type(scalar, 'n'), 'b'),
      field('a', type(constant, 'n')),
    ];
    const [sample] = (await loadDataset(spec(file, fields), limits)).samples;
    expect(sample!.values).toEqual({
      x: real([3], [1, 2, 3]),
      y: real([3], [1, 0, 1]),
      a: integer([3], [1, 2, 3]),
    });
  });

  it('checks categories', async () => {
    const file = write({
      c: int64Parts([3], [0, 3, 1]),
      h: float32Parts([2], [1, 1.5]),
      w: float32Parts([2], [1, 2]),
    });
    expect(await faultOf(spec(file, [field('c', type(category(3), 'n'))]))).toMatchObject({
      code: 'data/category-out-of-range',
      message: expect.stringMatching(
        /^"c" is declared category\(3\)\[n\], so in 0\.\.2, but is 3 at \[1\] of case\d+\.npz$/,
      ),
      advice: 'Codes start at 0; declare category(4) or more.',
    });
    expect((await faultOf(spec(file, [field('h', type(category(3), 'n'))]))).code).toBe(
      'data/not-an-integer',
    );
    const [sample] = (await loadDataset(spec(file, [field('w', type(category(3), 'n'))]), limits)).samples;
    expect(sample!.values.w).toEqual(integer([2], [1, 2]));
  });

  it('codes text by the whole file, whatever part is used', async () => {
    const file = write({ kind: textParts([4, 1], ['b', 'c', 'a', 'b']) });
    const fields = [field('kind', type(category(3), 'n'))];
    const codes = async (rest: Partial<DataSpec>) =>
      (await loadDataset(spec(file, fields, rest), limits)).samples.map(({ values }) => values.kind!.data[0]);
    expect(await codes({})).toEqual([1, 2, 0, 1]);
    expect(await codes({ skip: 3 })).toEqual([1]);
    expect(await faultOf(spec(file, [field('kind', type(category(2), 'n'))], { samples: 1 }))).toMatchObject({
      code: 'data/too-many-categories',
      found: '"a", "b", "c"',
      advice: 'Declare category(3).',
    });
    expect((await faultOf(spec(file, [field('kind', type(scalar, 'n'))]))).message).toBe(
      '"kind" is declared scalar[n], which is made of numbers; the file has text [4, 1]',
    );
  });

  it('looks for NaN only where it is used', async () => {
    const file = write({ x: float32Parts([3], [1, 2, Number.POSITIVE_INFINITY]) });
    const fields = [field('x', type(scalar))];
    expect((await loadDataset(spec(file, fields, { samples: 2 }), limits)).samples).toHaveLength(2);
    expect((await faultOf(spec(file, fields))).message).toMatch(
      /^"x" is Infinity at its one value of case\d+\.npz\[2\]$/,
    );
  });
});

describe('other files of arrays', () => {
  it('binds safetensors, part of the rows too', async () => {
    const path = join(folder, 'x.safetensors');
    writeFileSync(path, encodeSafetensors({ x: real([3, 2], range(6)), k: integer([2], [4, 5]) }));
    const fields = [field('x', type(scalar, 'n')), field('k', type({ kind: 'label' }, 'n'))];
    const { samples } = await loadDataset(spec(path, fields, { skip: 2 }), limits);
    expect(samples[0]!.values).toEqual({ x: real([2], [4, 5]), k: integer([2], [4, 5]) });
  });

  it('takes the one array of a .npy for the one field, under any name', async () => {
    const path = join(folder, 'cloud.npy');
    writeFileSync(
      path,
      npyBytes({
        descr: '<f4',
        fortran: true,
        shape: [2, 3],
        data: new Uint8Array(Float32Array.of(0, 3, 1, 4, 2, 5).buffer),
      }),
    );
    const { samples } = await loadDataset(spec(path, [field('points', type(position, 'n'))]), limits);
    expect(samples[0]!.values.points).toEqual(real([2, 3], range(6)));
    const stacked = await loadDataset(
      spec(path, [field('points', type({ kind: 'vector', dim: 3 }))], { skip: 1 }),
      limits,
    );
    expect(stacked.samples[0]!.values.points).toEqual(real([3], [3, 4, 5]));
  });

  it('loads the quick-start objects', async () => {
    const fields = [
      field('positions', type(position, 'point')),
      field('normals', type({ kind: 'vector', dim: 3 }, 'point')),
      field('scene', type(category(6))),
    ];
    const { samples, available } = await loadDataset(
      spec(join(fixtures, 'quickstart/data/objects.npz'), fields),
      limits,
    );
    expect(available).toBe(12);
    expect(samples.map(({ values }) => values.scene!.data[0])).toEqual([1, 1, 0, 0, 2, 2, 3, 3, 3, 4, 5, 5]);
    for (const { values, sizes } of samples) {
      expect(sizes).toEqual({ point: 128 });
      const p = values.positions!.data;
      const n = values.normals!.data;
      for (let i = 0; i < 128; i++) {
        expect(Math.hypot(n[3 * i]!, n[3 * i + 1]!, n[3 * i + 2]!)).toBeCloseTo(1, 6);
        // Toward the camera, which stands at the origin.
        expect(
          p[3 * i]! * n[3 * i]! + p[3 * i + 1]! * n[3 * i + 1]! + p[3 * i + 2]! * n[3 * i + 2]!,
        ).toBeLessThanOrEqual(0);
        for (let j = 0; j < i; j++) {
          const d = Math.hypot(
            p[3 * i]! - p[3 * j]!,
            p[3 * i + 1]! - p[3 * j + 1]!,
            p[3 * i + 2]! - p[3 * j + 2]!,
          );
          if (d < 5e-3) throw new Error(`points ${i} and ${j} are ${d} m apart`);
        }
      }
    }
  });
});

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
    const file = writeText('gaps.csv', 'x,kind\n1,a\n?,\n3,b\n');
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
      field('forces', type({ kind: 'vector', dim: 3 }, 'atom')),
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
    const file = writeText(
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
    const file = writeText('codes.xyz', ['O', 'C', 'H'].map((s) => `1\n\n${s} 0 0 0\n`).join(''));
    const fields = [field('species', type(category(3), 'atom'))];
    for (const [skip, code] of [2, 0, 1].entries()) {
      const { samples } = await loadDataset(spec(file, fields, { skip, samples: 1 }), limits);
      expect(samples[0]!.values.species!.data[0], `skip ${skip}`).toBe(code);
    }
  });

  it('lists what a frame has', async () => {
    expect(await faultOf(spec(ethanol, [field('dipole', type({ kind: 'vector', dim: 3 }))]))).toMatchObject({
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
    const file = writeText('odd.xyz', '2\n\nC 0 0 0\nXx 0 0 1\n');
    expect(await faultOf(spec(file, [field('numbers', type(category(119), 'atom'))]))).toMatchObject({
      code: 'data/unknown-element',
      place: { line: 4 },
    });
  });
});
