import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import type { NdArray } from '../../tensor/array.ts';
import { inspectDataFile, loadDataset, readNpz } from '../index.ts';
import { openBudget } from '../limits.ts';
import { category, field, fixtures, limits, scalar, scratch, spec, type } from '../testing.ts';
import { decodePicture } from './decode.ts';

const pictures = join(fixtures, 'data/pictures');
const expected = (await readNpz(join(pictures, 'expected.npz'))) as Map<string, NdArray>;
const image = { kind: 'image' } as const;
const folder = scratch();

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Fault) return error.finding.code;
    throw error;
  }
  return 'none';
}

describe('a picture', () => {
  it.each([...expected.keys()])('%s is what Pillow reads', (name) => {
    const { height, width, channels, data } = decodePicture(
      readFileSync(join(pictures, name)),
      openBudget(limits),
      {},
    );
    const wanted = expected.get(name)!;
    expect([height, width, channels]).toEqual(wanted.shape);
    // Decoders of JPEG round their cosines in different ways.
    const tolerance = name.endsWith('.png') ? 1e-9 : 3 / 255;
    const largest = Math.max(...data.map((value, i) => Math.abs(value - wanted.data[i]!)));
    expect(largest).toBeLessThanOrEqual(tolerance);
  });

  it('that is damaged anywhere is a finding, or the same picture', async () => {
    for (const name of ['colours/warm/plain.png', 'colours/cold/progressive.jpeg']) {
      const bytes = readFileSync(join(pictures, name));
      for (let at = 0; at < bytes.length; at += 7) {
        const cut = bytes.subarray(0, at);
        expect(await codeOf(() => decodePicture(cut, openBudget(limits), {}))).toMatch(
          /^(data\/(wrong-magic|corrupt|too-large)|none)$/,
        );
        const turned = Uint8Array.from(bytes);
        turned[at]! ^= 0x55;
        expect(await codeOf(() => decodePicture(turned, openBudget(limits), {}))).toMatch(
          /^(data\/(wrong-magic|corrupt|too-large)|none)$/,
        );
      }
    }
  });

  it('that claims to be huge is refused before it is unpacked', async () => {
    const bytes = Uint8Array.from(readFileSync(join(pictures, 'opaque/alpha.png')));
    new DataView(bytes.buffer).setUint32(16, 2 ** 31 - 1);
    expect(await codeOf(() => decodePicture(bytes, openBudget(limits), {}))).toBe('data/too-large');
  });
});

describe('a folder of pictures', () => {
  it('gives pictures and the names of their sub-folders', async () => {
    const path = join(pictures, 'colours');
    expect(await inspectDataFile(path)).toEqual([
      { name: 'image', dtype: 'float64', shape: [4, 6, 9, 3] },
      { name: 'file', dtype: 'text', shape: [4] },
      { name: 'label', dtype: 'text', shape: [4] },
    ]);
    const fields = [field('image', type(image, 'row', 'column', 3)), field('label', type(category(2)))];
    const { samples, available } = await loadDataset(spec(path, fields, { skip: 1 }), limits);
    expect(available).toBe(4);
    expect(samples.map(({ values }) => values.label!.data[0])).toEqual([0, 1, 1]);
    expect(samples[1]!.sizes).toEqual({ row: 6, column: 9 });
    const wanted = expected.get('colours/warm/palette.png')!;
    samples[1]!.values.image!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted.data[i]!, 9);
    });
  });

  it('with a table takes the pictures that it names, in its order', async () => {
    const path = join(pictures, 'grey');
    const fields = [
      field('image', type(image, 'row', 'column', 1)),
      field('weight', type(scalar)),
      field('kind', type({ kind: 'label' })),
    ];
    const { samples } = await loadDataset(spec(path, fields), limits);
    expect(samples.map(({ values }) => values.weight!.data[0])).toEqual([0.5, 1.5, 2.5]);
    expect(samples.map(({ values }) => values.kind!.data[0])).toEqual([0, 1, 1]);
    expect(samples[1]!.values.image!.data[0]).toBeCloseTo(expected.get('grey/deep.png')!.data[0]!, 9);
  });

  it('says what is wrong with it', async () => {
    const path = join(dirname(folder.write('here', '')), 'mixed');
    const fields = [field('image', type(image, 'row', 'column', 3))];
    const load = () => codeOf(() => loadDataset(spec(path, fields), limits));
    cpSync(join(pictures, 'colours'), path, { recursive: true });
    expect(await load()).toBe('none');
    cpSync(join(pictures, 'opaque/alpha.png'), join(path, 'warm/z.png'));
    expect(await load()).toBe('data/picture-size');
    writeFileSync(join(path, 'labels.csv'), 'name\na.png\n');
    expect(await load()).toBe('data/labels-mismatch');
    writeFileSync(join(path, 'labels.csv'), 'file\nwarm/none.png\n');
    expect(await load()).toBe('data/labels-mismatch');
    writeFileSync(join(path, 'labels.csv'), 'file\nwarm/plain.png\ncold/baseline.jpg\n');
    expect(await load()).toBe('none');
    expect(await codeOf(() => loadDataset(spec(join(fixtures, 'torch'), fields), limits))).toBe(
      'data/no-pictures',
    );
  });
});
