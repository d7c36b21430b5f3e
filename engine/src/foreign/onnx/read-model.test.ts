import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readModel } from './read-model.ts';
import { findingFrom, fixtures, potentialFile, temporaryFolder } from './test-support.ts';

const finding = (path: string) => findingFrom(() => readModel(path, 'everything'));

test('a missing file, a directory, an empty file, a loop of links', async () => {
  using folder = temporaryFolder();
  expect(await finding(join(folder.path, 'none.onnx'))).toMatchObject({
    code: 'model/onnx-missing-file',
    message: 'the ONNX file does not exist',
    place: { file: join(folder.path, 'none.onnx') },
  });
  mkdirSync(join(folder.path, 'folder.onnx'));
  expect(await finding(join(folder.path, 'folder.onnx'))).toMatchObject({
    code: 'model/onnx-not-a-file',
    message: 'the path of the ONNX model is a directory',
  });
  expect(await finding(folder.write('empty.onnx', new Uint8Array(0)))).toMatchObject({
    code: 'model/onnx-empty-file',
    message: 'the ONNX file is empty',
  });
  symlinkSync(join(folder.path, 'b.onnx'), join(folder.path, 'a.onnx'));
  symlinkSync(join(folder.path, 'a.onnx'), join(folder.path, 'b.onnx'));
  expect(await finding(join(folder.path, 'a.onnx'))).toMatchObject({
    code: 'model/onnx-unreadable',
    message: 'the ONNX file cannot be read: a loop of symbolic links',
  });
});

test('a file beyond 2 GiB is refused by its size, unread', async () => {
  using folder = temporaryFolder();
  const file = folder.write('huge.onnx', new Uint8Array(1));
  truncateSync(file, 10 * 2 ** 30);
  expect(await finding(file)).toMatchObject({
    code: 'model/onnx-too-large',
    message: 'the ONNX model takes 10.0 GiB',
    expected: 'at most 2.0 GiB, weights in other files included',
  });
});

test('files of other kinds are named', async () => {
  using folder = temporaryFolder();
  expect((await finding(join(fixtures, 'quickstart/data/objects.npz'))).message).toBe(
    'this is not an ONNX model: a zip archive (a PyTorch checkpoint or a Keras model?)',
  );
  expect((await finding(join(fixtures, 'quickstart/quickstart.equi'))).code).toBe('model/onnx-not-onnx');
  const text = folder.write('a.onnx', Buffer.from('{"a": 1}'));
  expect((await finding(text)).message).toBe('this is not an ONNX model: a JSON text');
  const noGraph = folder.write('b.onnx', Uint8Array.of(8, 8, 0x72, 0));
  expect((await finding(noGraph)).message).toBe(
    'this is not an ONNX model: a protocol buffer without a graph',
  );
});

test('a file cut off anywhere is a fault, and never reads', async () => {
  using folder = temporaryFolder();
  const bytes = readFileSync(potentialFile);
  for (let cut = 0; cut < bytes.length; cut += 997) {
    const found = await finding(folder.write('cut.onnx', bytes.subarray(0, cut)));
    const wanted = cut === 0 ? 'model/onnx-empty-file' : 'model/onnx-damaged';
    expect(`${cut} ${found.code}`).toBe(`${cut} ${wanted}`);
  }
  const found = await finding(folder.write('cut.onnx', bytes.subarray(0, 5000)));
  expect(found.message).toBe('the ONNX file ends too early or is damaged (5000 bytes)');
  const unversioned = await finding(folder.write('cut.onnx', bytes.subarray(0, bytes.length - 6)));
  expect(unversioned.message).toBe('the ONNX file ends before its operator versions');
});
