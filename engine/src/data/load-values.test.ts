/** Element types, and each kind of file of arrays. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float32Parts, int64Parts, npyBytes, textParts } from '../../../scripts/fixtures/write-npz.ts';
import { integer, real } from '../tensor/array.ts';
import type { DataSpec } from './dataset.ts';
import { encodeSafetensors, loadDataset } from './index.ts';
import {
  category,
  faultOf,
  field,
  fixtures,
  limits,
  position,
  range,
  scalar,
  scratch,
  spec,
  type,
  vector,
} from './testing.ts';

const { write, writeNpz } = scratch();

describe('element types', () => {
  it('makes float64 of integers and booleans, and keeps constants as they are', async () => {
    const file = writeNpz({
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
    const file = writeNpz({
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
    const file = writeNpz({ kind: textParts([4, 1], ['b', 'c', 'a', 'b']) });
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
    const file = writeNpz({ x: float32Parts([3], [1, 2, Number.POSITIVE_INFINITY]) });
    const fields = [field('x', type(scalar))];
    expect((await loadDataset(spec(file, fields, { samples: 2 }), limits)).samples).toHaveLength(2);
    expect((await faultOf(spec(file, fields))).message).toMatch(
      /^"x" is Infinity at its one value of case\d+\.npz\[2\]$/,
    );
  });
});

describe('other files of arrays', () => {
  it('binds safetensors, part of the rows too', async () => {
    const path = write(
      'x.safetensors',
      encodeSafetensors({ x: real([3, 2], range(6)), k: integer([2], [4, 5]) }),
    );
    const fields = [field('x', type(scalar, 'n')), field('k', type({ kind: 'label' }, 'n'))];
    const { samples } = await loadDataset(spec(path, fields, { skip: 2 }), limits);
    expect(samples[0]!.values).toEqual({ x: real([2], [4, 5]), k: integer([2], [4, 5]) });
  });

  it('takes the one array of a .npy for the one field, under any name', async () => {
    const path = write(
      'cloud.npy',
      npyBytes({
        descr: '<f4',
        fortran: true,
        shape: [2, 3],
        data: new Uint8Array(Float32Array.of(0, 3, 1, 4, 2, 5).buffer),
      }),
    );
    const { samples } = await loadDataset(spec(path, [field('points', type(position, 'n'))]), limits);
    expect(samples[0]!.values.points).toEqual(real([2, 3], range(6)));
    const stacked = await loadDataset(spec(path, [field('points', type(vector))], { skip: 1 }), limits);
    expect(stacked.samples[0]!.values.points).toEqual(real([3], [3, 4, 5]));
  });

  it('loads the quick-start objects', async () => {
    const fields = [
      field('positions', type(position, 'point')),
      field('normals', type(vector, 'point')),
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
