import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { integer, type NdArray, real, sizeOf } from '../tensor/array.ts';
import { encodeSafetensors, readSafetensors, writeSafetensors } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file from its header as an object and its bytes. */
function fileOf(header: unknown, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function oneTensor(dtype: string, shape: number[], data: ArrayBuffer): Uint8Array {
  return fileOf({ x: { dtype, shape, data_offsets: [0, data.byteLength] } }, new Uint8Array(data));
}

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

const shape = fc.array(fc.nat(4), { maxLength: 3 });
const array: fc.Arbitrary<NdArray> = shape.chain((sizes) => {
  const length = { minLength: sizeOf(sizes), maxLength: sizeOf(sizes) };
  return fc.oneof(
    fc.array(fc.double(), length).map((values) => real(sizes, values)),
    fc
      .array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), length)
      .map((values) => integer(sizes, values)),
  );
});
// The format reserves this one name.
const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');
const tensors = fc.array(fc.tuple(name, array), { maxLength: 5 }).map((pairs) => new Map(pairs));
const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });

describe('round trip', () => {
  it('gives back every bit of float64 and int32, names and metadata', () => {
    fc.assert(
      fc.property(tensors, metadata, (written, notes) => {
        const read = readSafetensors(encodeSafetensors(written, notes));
        expect(new Map([...read.tensors].sort())).toEqual(new Map([...written].sort()));
        expect(read.metadata).toEqual({ ...notes });
      }),
      { numRuns: 200 },
    );
  });

  it('rounds to float32 on request', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const bytes = encodeSafetensors({ x: real([values.length], values) }, {}, { real: 'F32' });
        expect([...readSafetensors(bytes).tensors.get('x')!.data]).toEqual(values.map(Math.fround));
      }),
    );
  });

  it('starts every tensor at a multiple of its element size', () => {
    const bytes = encodeSafetensors({ a: integer([1], [1]), b: real([1], [2]), c: integer([1], [3]) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect((8 + length) % 8).toBe(0);
    expect(header.b).toEqual({ dtype: 'F64', shape: [1], data_offsets: [0, 8] });
    expect(header.c.data_offsets).toEqual([12, 16]);
  });
});

describe('element types', () => {
  it('decodes bfloat16 exactly', () => {
    const data = Uint16Array.of(0x3f80, 0xc049, 0x0000, 0x8000, 0x7f80).buffer;
    const values = readSafetensors(oneTensor('BF16', [5], data)).tensors.get('x')!.data;
    expect([...values]).toEqual([1, -3.140625, 0, -0, Number.POSITIVE_INFINITY]);
  });

  it('accepts 64-bit integers at both ends of int32 and refuses one beyond', () => {
    const ends = BigInt64Array.of(-(2n ** 31n), 2n ** 31n - 1n, 0n, -1n);
    const { data } = readSafetensors(oneTensor('I64', [4], ends.buffer)).tensors.get('x')!;
    expect([...data]).toEqual([-(2 ** 31), 2 ** 31 - 1, 0, -1]);
    for (const beyond of [2n ** 31n, -(2n ** 31n) - 1n, 2n ** 62n]) {
      const file = oneTensor('I64', [2], BigInt64Array.of(7n, beyond).buffer);
      expect(faultOf(() => readSafetensors(file))).toMatchObject({
        code: 'data/integer-overflow',
        message: `"x" (int64) holds ${beyond} at flat index 1, which does not fit in 32 bits`,
        place: { member: 'x' },
      });
    }
    const unsigned = oneTensor('U32', [1], Uint32Array.of(2 ** 31).buffer);
    expect(faultOf(() => readSafetensors(unsigned)).code).toBe('data/integer-overflow');
  });

  it('names an element type that it does not read', () => {
    const file = oneTensor('F8_E4M3', [1], new ArrayBuffer(1));
    expect(faultOf(() => readSafetensors(file))).toMatchObject({
      code: 'data/unsupported-dtype',
      found: 'F8_E4M3',
    });
  });
});

describe('wrong files', () => {
  const good = encodeSafetensors(
    { a: real([2, 2], [1, 2, 3, 4]), b: integer([3], [5, 6, 7]) },
    { note: 'x' },
  );

  it('gives a Fault for every prefix of a file', () => {
    for (let length = 0; length < good.length; length++) {
      const { code } = faultOf(() => readSafetensors(good.subarray(0, length)));
      expect(code, `${length} bytes`).toBe('data/truncated');
    }
  });

  it('gives a Fault or tensors for any single changed byte', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        const bytes = good.slice();
        bytes[at] = value;
        try {
          readSafetensors(bytes);
        } catch (error) {
          expect((error as Error).name).toBe('Fault');
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a byte range that is not dtype times shape', { x: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }],
    ['a negative size', { x: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }],
    ['a shape that is not a list', { x: { dtype: 'F32', shape: 1, data_offsets: [0, 4] } }],
    ['a tensor that is not an object', { x: 7 }],
    ['metadata that is not text', { __metadata__: { a: 1 } }],
    ['a list for a header', [1, 2]],
  ])('refuses %s', (_, header) => {
    expect(faultOf(() => readSafetensors(fileOf(header, new Uint8Array(4)))).code).toBe('data/corrupt');
  });

  it('refuses more than the limit before it allocates', () => {
    const bytes = encodeSafetensors({ x: real([1000], new Float64Array(1000)) });
    expect(faultOf(() => readSafetensors(bytes, { maxBytes: 5000 }))).toMatchObject({
      code: 'data/too-large',
      expected: 'at most 4.88 KiB',
      found: '7.81 KiB',
    });
  });
});

describe('writing', () => {
  it('replaces a file as a whole and leaves nothing beside it', () => {
    const path = join(folder, 'weights.safetensors');
    writeFileSync(path, 'old');
    writeSafetensors(path, { x: real([1], [1]) }, { step: '3' });
    expect(readSafetensors(path)).toEqual({
      tensors: new Map([['x', real([1], [1])]]),
      metadata: { step: '3' },
    });
    expect(readdirSync(folder)).toEqual(['weights.safetensors']);
  });

  it('says why it could not write, and keeps what was there', () => {
    const missing = join(folder, 'no-such-folder', 'x.safetensors');
    expect(faultOf(() => writeSafetensors(missing, {}))).toMatchObject({
      code: 'data/not-written',
      place: { file: missing },
    });
    expect(readFileSync(join(folder, 'weights.safetensors')).length).toBeGreaterThan(3);
  });
});
