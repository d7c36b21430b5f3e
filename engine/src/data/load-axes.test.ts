/** Axes of samples, sizes of index sets, padding. */
import { describe, expect, it } from 'vitest';
import { float32Parts, int64Parts, npyBytes, textParts } from '../../../scripts/fixtures/write-npz.ts';
import { integer, real } from '../tensor/array.ts';
import { loadDataset } from './index.ts';
import { category, faultOf, field, limits, position, range, scalar, scratch, spec, type } from './testing.ts';

const { write, writeNpz } = scratch();

describe('axes of samples', () => {
  const frames = float32Parts([4, 2, 3], range(24));

  it('splits a leading axis, counts what there is, and names samples by their place in the file', async () => {
    const file = writeNpz({ R: frames });
    const data = await loadDataset(
      spec(file, [field('R', type(position, 'atom'))], { skip: 1, samples: 2 }),
      limits,
    );
    expect(data.available).toBe(4);
    expect(data.samples.map(({ id }) => id)).toEqual(['case0.npz[1]', 'case0.npz[2]']);
    expect(data.samples[1]).toMatchObject({ values: { R: real([2, 3], range(6, 12)) }, sizes: { atom: 2 } });
  });

  it('takes an array of the declared axes as the one sample', async () => {
    const file = writeNpz({ R: float32Parts([2, 3], range(6)) });
    const data = await loadDataset(spec(file, [field('R', type(position, 'atom'))]), limits);
    expect(data).toMatchObject({
      available: 1,
      samples: [{ id: 'case1.npz', values: { R: real([2, 3], range(6)) } }],
    });
  });

  it('repeats what has no axis of samples', async () => {
    const file = writeNpz({ R: frames, Z: int64Parts([2], [8, 1]), E: float32Parts([4], range(4)) });
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
    const path = write('long.npy', npyBytes(float32Parts([20000, 2, 3], new Array(120000).fill(1))));
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
    const file = writeNpz({ R: frames, E: float32Parts([3], range(3)) });
    expect(
      await faultOf(spec(file, [field('R', type(position, 'atom')), field('E', type(scalar))])),
    ).toMatchObject({
      code: 'data/samples-mismatch',
      message: '"R" has 4 samples, "E" has 3',
      place: { member: 'E' },
    });
  });

  it('says which axes it expects where neither form fits', async () => {
    const file = writeNpz({ E: float32Parts([4, 1, 1], range(4)) });
    expect(await faultOf(spec(file, [field('E', type(scalar))]))).toMatchObject({
      code: 'data/wrong-rank',
      message: '"E" is declared scalar, shape [sample] or []; the file has float32 [4, 1, 1]',
    });
  });

  it('says when no sample is left', async () => {
    const request = spec(writeNpz({ R: frames }), [field('R', type(position, 'atom'))], { skip: 4 });
    expect(await faultOf(request)).toMatchObject({
      code: 'data/no-samples',
      message: 'No sample is left: the file holds 4, skip leaves out 4, samples allows 64',
    });
    expect((await faultOf({ ...request, skip: 0, samples: 0 })).code).toBe('data/no-samples');
  });
});

describe('sizes', () => {
  it('names both fields that disagree on an index set', async () => {
    const file = writeNpz({ R: float32Parts([2, 4, 3], range(24)), q: float32Parts([2, 5], range(10)) });
    expect(
      await faultOf(spec(file, [field('R', type(position, 'atom')), field('q', type(scalar, 'atom'))])),
    ).toMatchObject({
      code: 'data/size-mismatch',
      message: '"R" and "q" disagree on the size of atom: 4 and 5',
      place: { member: 'q' },
    });
  });

  it('compares the two axes of one field, and keeps different names apart', async () => {
    const file = writeNpz({ A: float32Parts([2, 3], range(6)) });
    expect((await faultOf(spec(file, [field('A', type(scalar, 'node', 'node'))]))).message).toBe(
      '"A" and "A" disagree on the size of node: 2 and 3',
    );
    const { samples } = await loadDataset(spec(file, [field('A', type(scalar, 'row', 'column'))]), limits);
    expect(samples[0]!.sizes).toEqual({ row: 2, column: 3 });
  });

  it('checks fixed axes and the dimension of irreps', async () => {
    const file = writeNpz({ x: float32Parts([2, 5], range(10)) });
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
    const { samples } = await loadDataset(spec(writeNpz(padded), fields, { sizes: { atom: 'n' } }), limits);
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
    const file = writeNpz({ A: float32Parts([1, 3, 3], range(9)), n: int64Parts([1], [2]) });
    const request = spec(file, [field('A', type(scalar, 'node', 'node'))], { sizes: { node: 'n' } });
    expect((await loadDataset(request, limits)).samples[0]!.values.A).toEqual(real([2, 2], [0, 1, 3, 4]));
  });

  it('checks the counts', async () => {
    const fields = [field('R', type(position, 'atom'))];
    const over = writeNpz({ R: padded.R, n: int64Parts([2], [4, 1]) });
    expect(await faultOf(spec(over, fields, { sizes: { atom: 'n' } }))).toMatchObject({
      code: 'data/wrong-count',
      message: expect.stringMatching(/^case\d+\.npz\[0\] states 4 entries of atom; "R" has room for 3$/),
    });
    const none = writeNpz({ R: padded.R, n: int64Parts([2], [3, 0]) });
    expect((await faultOf(spec(none, fields, { sizes: { atom: 'n' } }))).code).toBe('data/empty');
    expect((await faultOf(spec(none, fields, { sizes: { atom: 'm' } }))).code).toBe('data/missing-array');
    expect((await faultOf(spec(none, fields, { sizes: { node: 'n' } }))).code).toBe('data/unknown-index');
  });
});
