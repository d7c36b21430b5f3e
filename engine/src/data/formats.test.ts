/** Every reader of arrays against files that numpy and safetensors wrote themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../fault.ts';
import type { NdArray, TextArray } from '../tensor/array.ts';
import { formatOf } from './formats.ts';
import { inspectDataFile, readNpy, readNpz, readSafetensors } from './index.ts';

const folder = join(import.meta.dirname, '../../../test-fixtures/data/formats');
const path = (name: string) => join(folder, name);
const expected: Record<string, { dtype: string; shape: number[]; values: (number | string)[] }> = JSON.parse(
  readFileSync(path('expected.json'), 'utf8'),
);

function check(name: string, array: NdArray | TextArray | undefined): void {
  const { dtype, shape, values } = expected[name]!;
  expect(array, name).toBeDefined();
  expect(array!.shape, name).toEqual(shape);
  if (dtype === 'text') {
    expect((array as TextArray).text, name).toEqual(values);
  } else {
    const { data } = array as NdArray;
    expect(data, name).toBeInstanceOf(dtype.startsWith('float') ? Float64Array : Int32Array);
    // toEqual on plain arrays tells -0 from 0, which half_range has.
    expect([...data], name).toEqual(values);
  }
}

async function faultOf(promise: Promise<unknown>): Promise<Finding> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.name).toBe('Fault');
  return error.finding;
}

describe('numpy', () => {
  for (const file of ['stored.npz', 'deflated.npz']) {
    it(`reads every type, order and shape of ${file}`, async () => {
      const arrays = await readNpz(path(file));
      expect([...arrays.keys()].sort()).toEqual(Object.keys(expected).sort());
      for (const [name, array] of arrays) check(name, array);
    });

    it(`lists the headers of ${file}`, async () => {
      const headers = await inspectDataFile(path(file));
      expect(headers).toHaveLength(Object.keys(expected).length);
      for (const { name, dtype, shape } of headers) {
        expect({ dtype, shape }, name).toEqual({
          dtype: expected[name]!.dtype,
          shape: expected[name]!.shape,
        });
      }
    });
  }

  it('reads an archive whose sizes stand in zip64 fields', async () => {
    check('f4', (await readNpz(path('zip64.npz'))).get('f4'));
  });

  for (const version of [1, 2, 3]) {
    it(`reads .npy version ${version}, from a file and from memory`, async () => {
      const file = path(`version${version}.npy`);
      check('f4', await readNpy(file));
      check('f4', await readNpy(readFileSync(file)));
      expect(await inspectDataFile(file)).toEqual([
        { name: `version${version}`, dtype: 'float32', shape: [2, 3] },
      ]);
    });
  }

  it('lists element types that it does not read, and refuses to read them with advice', async () => {
    const headers = await inspectDataFile(path('unreadable.npz'));
    expect(Object.fromEntries(headers.map(({ name, dtype }) => [name, dtype]))).toEqual({
      complex: 'complex128',
      object: 'object',
      structured: 'structured',
      when: 'datetime64',
      long: 'float128',
    });
    expect(await faultOf(readNpz(path('unreadable.npz')))).toMatchObject({
      code: 'data/unsupported-dtype',
      found: 'complex128',
      place: { file: path('unreadable.npz'), member: 'complex' },
      advice: 'Store the real and the imaginary part as two float arrays.',
    });
  });
});

describe('safetensors', () => {
  it('reads what the reference library wrote, metadata included', () => {
    const { tensors, metadata } = readSafetensors(path('official.safetensors'));
    expect(metadata).toEqual({ 'made by': 'safetensors', for: 'Noether' });
    expect(tensors.size).toBe(14);
    for (const [name, tensor] of tensors) check(name, tensor);
  });

  it('lists headers', async () => {
    const headers = await inspectDataFile(path('official.safetensors'));
    expect(headers).toContainEqual({ name: 'f2', dtype: 'float16', shape: [2, 3] });
    expect(headers).toContainEqual({ name: 'flags', dtype: 'bool', shape: [3] });
  });
});

describe('formats', () => {
  it('goes by the extension, in any case', () => {
    expect(formatOf('/a/b.NPZ')).toBe('npz');
    expect(formatOf('/a/b.c.extxyz')).toBe('xyz');
    expect(() => formatOf('/a/b.pt')).toThrow(
      'b.pt has the extension .pt; Noether does not read such files as data',
    );
    expect(() => formatOf('/a/b')).toThrow('b has no extension');
  });
});
