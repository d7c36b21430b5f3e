import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeModel, decodeModelHeaders, encodeModel } from './proto.ts';
import { onnxFile, potentialFile } from './test-support.ts';

test.each(['leaky', 'species', 'convolution', 'recurrent', 'half', 'external'])(
  '%s survives reading and writing',
  (name) => {
    const bytes = readFileSync(onnxFile(name));
    const model = decodeModel(bytes);
    const again = encodeModel(model);
    expect(again.length).toBe(bytes.length);
    expect(decodeModel(again)).toEqual(model);
  },
);

test('fields that are not known here are carried along, nested ones too', () => {
  const bytes = readFileSync(potentialFile);
  // Field 14 of the model (metadata), and field 30, which does not exist yet.
  const later = Buffer.concat([
    bytes,
    Buffer.from([0x72, 3, 0x0a, 1, 0x61]),
    Buffer.from([0xf2, 0x01, 2, 7, 8]),
  ]);
  const again = Buffer.from(encodeModel(decodeModel(later)));
  expect(again.includes(Buffer.from([0x72, 3, 0x0a, 1, 0x61]))).toBe(true);
  expect(again.includes(Buffer.from([0xf2, 0x01, 2, 7, 8]))).toBe(true);
});

test('raw data is a view of the file, and headers leave it out', () => {
  const bytes = readFileSync(potentialFile);
  const whole = decodeModel(bytes).graph!.initializer.find(({ name }) => name === 'embed.weight')!;
  expect(whole.rawData.length).toBe(8 * 16 * 4);
  expect(whole.rawData.buffer).toBe(bytes.buffer);
  const header = decodeModelHeaders(bytes).graph!.initializer.find(({ name }) => name === 'embed.weight')!;
  expect(header.dims.map(Number)).toEqual([8, 16]);
  expect(header.rawData).toBeUndefined();
});

test('64-bit integers keep all their bits', () => {
  const model = decodeModel(readFileSync(onnxFile('species')));
  const tensor = model.graph!.initializer[0]!;
  tensor.int64Data = [Number.MAX_SAFE_INTEGER, -1];
  tensor.dims = [2];
  const again = decodeModel(encodeModel(model)).graph!.initializer[0]!;
  expect(again.int64Data.map(String)).toEqual(['9007199254740991', '-1']);
});
