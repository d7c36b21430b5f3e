/** Every kind of wrong file gives its own Fault, in words, with a place and advice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badFiles, makeBadFiles } from '../../../scripts/fixtures/bad-data.ts';
import type { Finding } from '../fault.ts';
import { fileFault } from './bytes.ts';
import type { DataSpec } from './dataset.ts';
import { inspectDataFile, loadDataset } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-bad-'));
beforeAll(() => makeBadFiles(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const limits = { maxBytes: 2 ** 28 };

function specOf(file: string): DataSpec {
  const type = { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] } as const;
  return { file, fields: [{ name: 'positions', type }], samples: 64, skip: 0, sizes: {} };
}

async function findingOf(promise: Promise<unknown>): Promise<Finding> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.name, String(error?.stack)).toBe('Fault');
  return error.finding;
}

describe('loading', () => {
  for (const { name, code } of badFiles) {
    it(`${name}: ${code}`, async () => {
      const path = join(folder, name);
      const finding = await findingOf(loadDataset(specOf(path), limits));
      expect(finding.code, finding.message).toBe(code);
      expect(finding.place?.file).toBe(path);
      expect(finding.advice).toMatch(/^[A-Z].*\.$/);
      // Words for people: no code of the operating system, no stack, no name of an error class.
      const text = JSON.stringify(finding);
      expect(text).not.toMatch(/\bE[A-Z]{4,}\b|\bERR_|\bat .*:\d+:\d+|TypeError|RangeError|undefined/);
    });
  }

  it('points at the array and says which value of which sample is wrong', async () => {
    expect(await findingOf(loadDataset(specOf(join(folder, 'nan.npz')), limits))).toMatchObject({
      message: '"positions" is NaN at [1, 1] of nan.npz[0]',
      place: { member: 'positions' },
    });
    expect(await findingOf(loadDataset(specOf(join(folder, 'size.npz')), limits))).toMatchObject({
      message: '"positions": position needs 3, found 4 (the file has float32 [1, 2, 4])',
      expected: '[point, 3]',
      found: '[2, 4]',
    });
    expect(await findingOf(loadDataset(specOf(join(folder, 'other-names.npz')), limits))).toMatchObject({
      message: 'The file has no "positions"',
      advice:
        'Did you mean "position"? The file holds position (float32 [2, 4, 3]), rgb (float32 [2, 4, 3]). ' +
        'Where the names differ, write source: "…" at the field.',
    });
    expect(await findingOf(loadDataset(specOf(join(folder, 'latin1.extxyz')), limits))).toMatchObject({
      message: 'Line 2 is not UTF-8 text',
      place: { line: 2 },
    });
    expect(await findingOf(loadDataset(specOf(join(folder, 'columns.extxyz')), limits))).toMatchObject({
      expected: '4 columns',
      found: '3 columns',
      place: { line: 3 },
    });
  });

  it('refuses ten gigabytes without taking them', async () => {
    const before = process.memoryUsage.rss();
    for (const name of ['huge.npy', 'ten-gigabyte-header.npz', 'ten-gigabyte-header.safetensors']) {
      await findingOf(loadDataset(specOf(join(folder, name)), limits));
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 27);
  });

  it('needs at least one field', async () => {
    const finding = await findingOf(loadDataset({ ...specOf('/x.npz'), fields: [] }, limits));
    expect(finding.code).toBe('data/no-fields');
  });
});

describe('inspecting', () => {
  for (const { name, code } of badFiles.filter((bad) =>
    bad.code.match(/such-file|folder|link|not-a|empty$|magic|unknown/),
  )) {
    it(`${name} gives a Fault or a listing`, async () => {
      const path = join(folder, name);
      const result = await inspectDataFile(path).then(
        (arrays) => arrays.map((array) => array.name),
        (error) => error.finding?.code,
      );
      // Headers of arrays without entries are in order.
      expect(name.startsWith('no-') ? code : result, name).toEqual(code);
      if (name.startsWith('no-')) expect(result).toEqual(['positions']);
    });
  }
});

describe('errors of the operating system', () => {
  it.each([
    ['EACCES', 'data/no-permission', 'You may not read /a/b.npz'],
    ['EPERM', 'data/no-permission', 'You may not read /a/b.npz'],
    ['ENOTDIR', 'data/no-such-file', 'There is no file /a/b.npz'],
    ['EIO', 'data/unreadable', '/a/b.npz cannot be read: the operating system reports EIO'],
  ])('%s is %s', (code, expected, message) => {
    const error = Object.assign(new Error(`${code}: something, open '/a/b.npz'`), { code });
    expect(fileFault(error, '/a/b.npz').finding).toMatchObject({
      code: expected,
      message,
      place: { file: '/a/b.npz' },
    });
  });

  it('a path that no system accepts is a missing file', async () => {
    const finding = await findingOf(loadDataset(specOf('/tmp/a\0b.npz'), limits));
    expect(finding).toMatchObject({
      code: 'data/no-such-file',
      message: 'There is no file /tmp/a\\u0000b.npz',
    });
    expect((await findingOf(loadDataset(specOf(`/tmp/${'x'.repeat(300)}.npz`), limits))).code).toBe(
      'data/no-such-file',
    );
  });
});
