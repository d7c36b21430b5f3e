import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inlineExternalData, tensorsOf } from './external-data.ts';
import { decodeModel } from './proto.ts';
import { readModel } from './read-model.ts';
import { findingFrom, onnxFile, temporaryFolder } from './test-support.ts';

const source = onnxFile('external');

/** Reads the fixture as if it lay at `path`, after changing the entries of its first external array. */
async function inline(path: string, entries: Record<string, string> = {}) {
  const { model } = await readModel(source, 'everything');
  const first = [...tensorsOf(model)].find(({ dataLocation }) => dataLocation === 1)!;
  const named = Object.fromEntries(first.externalData.map(({ key, value }) => [key, value]));
  first.externalData = Object.entries({ ...named, ...entries }).map(([key, value]) => ({ key, value }));
  return { changed: await inlineExternalData(model, path, 0), model };
}

test('arrays come in from the file beside the model', async () => {
  const { changed, model } = await inline(source);
  expect(changed).toBe(true);
  const tensors = [...tensorsOf(model)];
  expect(tensors.every(({ dataLocation }) => dataLocation === 0)).toBe(true);
  const weights = readFileSync(onnxFile('external').replace(/onnx$/, 'weights'));
  const centre = tensors.find(({ name }) => name === 'embed.weight')!;
  expect(weights.includes(Buffer.from(centre.rawData))).toBe(true);
});

test('a model without such arrays is left alone', async () => {
  const model = decodeModel(readFileSync(onnxFile('leaky')));
  expect(await inlineExternalData(model, onnxFile('leaky'), 0)).toBe(false);
});

test('a missing weight file', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'external.onnx');
  expect(await findingFrom(() => inline(path))).toMatchObject({
    code: 'model/onnx-external-missing',
    expected: "a file external.weights in the model's folder",
    advice: 'Copy the .onnx file together with its weight files.',
  });
});

test('paths that lead out of the folder are not followed', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'inner'));
  const path = join(folder.path, 'inner', 'external.onnx');
  writeFileSync(join(folder.path, 'secret'), new Uint8Array(1e5));
  symlinkSync(join(folder.path, 'secret'), join(folder.path, 'inner', 'link'));
  for (const location of ['../secret', join(folder.path, 'secret'), 'link', '', '.']) {
    const found = await findingFrom(() => inline(path, { location }));
    expect(`${location}: ${found.code}`).toBe(`${location}: model/onnx-external-outside`);
    expect(found.message).toContain(`is kept in \`${location}\`, which is not inside the model's folder`);
  }
});

test('sizes are checked against dims and file', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'external.onnx');
  copyFileSync(source.replace(/onnx$/, 'weights'), join(folder.path, 'external.weights'));
  expect(await findingFrom(() => inline(path, { offset: '1000000' }))).toMatchObject({
    code: 'model/onnx-external-damaged',
    found: 'a file of 3776 bytes',
  });
  expect((await findingFrom(() => inline(path, { offset: '-8' }))).code).toBe('model/onnx-external-damaged');
  expect((await findingFrom(() => inline(path, { offset: 'soon' }))).code).toBe(
    'model/onnx-external-damaged',
  );
  const found = await findingFrom(() => inline(path, { length: '4' }));
  expect(found.code).toBe('model/onnx-damaged');
  expect(found.message).toMatch(
    /^the array `.*` has \d+ entries \(\d+ bytes\), but says that 4 bytes are stored$/,
  );
});
