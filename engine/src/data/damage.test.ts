/** Damaged files: every prefix and many changed bytes give a Fault or a right answer, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32Parts, npyBytes, npzBytes, textParts } from '../../../scripts/fixtures/write-npz.ts';
import type { NdArray } from '../tensor/array.ts';
import { readCsv, readNpy, readNpz, readXyz } from './index.ts';

const limits = { maxBytes: 2 ** 24 };
const parts = float32Parts([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

/** The result, or the code of the Fault; anything else that is thrown fails the test. */
async function outcome<T>(read: () => T | Promise<T>): Promise<{ value: Awaited<T> } | { code: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof Error) || !('finding' in error)) throw error;
    return { code: (error.finding as { code: string }).code };
  }
}

describe('every prefix', () => {
  it('of a .npy is seen to be truncated', async () => {
    const whole = npyBytes(parts);
    for (let length = 0; length < whole.length; length++) {
      expect(await outcome(() => readNpy(whole.subarray(0, length))), `${length} bytes`).toEqual({
        code: 'data/truncated',
      });
    }
  });

  for (const level of [0, 6] as const) {
    it(`of a .npz (${level ? 'deflated' : 'stored'}) is seen to be truncated`, async () => {
      const whole = npzBytes({ R: parts, names: textParts([2], ['C', 'H']) }, level);
      for (let length = 0; length < whole.length; length++) {
        expect(await outcome(() => readNpz(whole.subarray(0, length))), `${length} bytes`).toEqual({
          code: 'data/truncated',
        });
      }
    });
  }

  it('of an extended XYZ gives whole frames that are right, or a Fault', async () => {
    const whole = readFileSync(
      join(import.meta.dirname, '../../../test-fixtures/data/ethanol.extxyz'),
    ).subarray(0, 2900);
    // The last frame of the cut is incomplete.
    const frames = readXyz(whole.subarray(0, whole.lastIndexOf('\n9\n') + 1));
    const numbers = (frame: (typeof frames)[number]) =>
      [...frame.values].map(([name, value]) => [name, value]);
    for (let length = 0; length < whole.length; length++) {
      const result = await outcome(() => readXyz(whole.subarray(0, length)));
      if ('code' in result) {
        expect(result.code).toMatch(/^data\/(truncated|syntax)$/);
        continue;
      }
      for (const [i, frame] of result.value.entries()) {
        if (i < frames.length && i < result.value.length - 1)
          expect(numbers(frame)).toEqual(numbers(frames[i]!));
      }
      // Text does not tell whether its very last number lost digits; everything before it must be right.
      const last = result.value.at(-1);
      if (!last || last.index >= frames.length) continue;
      const truth = frames[last.index]!;
      for (const name of ['pos', 'forces']) {
        const [found, right] = [last, truth].map(({ values }) => [...(values.get(name) as NdArray).data]);
        if (name === 'forces') expect(found!.slice(0, -1)).toEqual(right!.slice(0, -1));
        else expect(found).toEqual(right);
      }
    }
  });

  it('of a table gives rows or a Fault', async () => {
    const whole = new TextEncoder().encode('x,name\n1.5,"é, x"\n2.5,b\n');
    for (let length = 0; length < whole.length; length++) {
      const result = await outcome(() => readCsv(whole.subarray(0, length)));
      if ('code' in result) expect(result.code).toMatch(/^data\/(empty|syntax|not-utf8)$/);
    }
  });
});

describe('changed bytes', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });

  function changed(bytes: Uint8Array, edits: readonly (readonly [number, number])[]): Uint8Array {
    const copy = bytes.slice();
    for (const [at, value] of edits) copy[at % copy.length] = value;
    return copy;
  }

  for (const level of [0, 6] as const) {
    it(`in the values of a .npz (${level ? 'deflated' : 'stored'}) are found by the checksum`, async () => {
      const whole = npzBytes({ R: parts }, level);
      const truth = await readNpz(whole);
      await fc.assert(
        fc.asyncProperty(changes, async (edits) => {
          const result = await outcome(() => readNpz(changed(whole, edits), limits));
          if ('value' in result && result.value.has('R'))
            expect(result.value.get('R')).toEqual(truth.get('R'));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('in a .npy, a table or an extended XYZ give a Fault or values', async () => {
    const npy = npyBytes(parts);
    const table = new TextEncoder().encode('x,name\n1.5,"é, x"\n2.5,b\n');
    const xyz = new TextEncoder().encode(
      '2\nProperties=species:S:1:pos:R:3 e="1 2" L={3}\nC 0 0 1.5\nH 1 2 3\n',
    );
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        await outcome(() => readNpy(changed(npy, edits), limits));
        await outcome(() => readCsv(changed(table, edits), limits));
        await outcome(() => readXyz(changed(xyz, edits), limits));
      }),
      { numRuns: 500 },
    );
  });
});

describe('round trips through .npy', () => {
  it('keep float32 values, Fortran order and text', async () => {
    const value = fc.float();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(value, { minLength: 3, maxLength: 3 })), async (rows) => {
        const read = (await readNpy(npyBytes(float32Parts([rows.length, 3], rows.flat())))) as NdArray;
        expect(read.shape).toEqual([rows.length, 3]);
        expect([...read.data]).toEqual(rows.flat());
        const columns = [0, 1, 2].flatMap((axis) => rows.map((row) => row[axis]!));
        const fortran = npyBytes({ ...float32Parts([rows.length, 3], columns), fortran: true });
        expect(await readNpy(fortran)).toEqual(read);
      }),
    );
    // Zeros at the end are padding in this format, and half of a surrogate pair is no character.
    const text = fc.string({ unit: 'grapheme' }).map((string) => string.toWellFormed().replace(/\0+$/, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (texts) => {
        expect(await readNpy(npyBytes(textParts([texts.length], texts)))).toEqual({
          shape: [texts.length],
          text: texts,
        });
      }),
    );
  });
});
