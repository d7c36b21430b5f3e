import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckPlan } from '../plan/plan.ts';
import { createFileHasher } from './file-hash.ts';
import { filesOf, inputsOf } from './inputs.ts';
import { fitted, isResult, portable } from './portable.ts';
import { testCheck, testSettings } from './testing/tasks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noether-inputs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(part: Partial<CheckPlan> = {}, at = folder): CheckPlan {
  mkdirSync(at, { recursive: true });
  const file = join(at, 'objects.npz');
  writeFileSync(file, 'the data');
  const plain = testCheck('a', part);
  return { ...plain, data: { ...plain.data, file } };
}
const hashOf = async (task: CheckPlan, settings = testSettings) =>
  (await inputsOf(task, settings, createFileHasher())).hash;

describe('the hash of the inputs', () => {
  it('leaves out names, texts, limits, expectations and places', async () => {
    const task = check();
    const same: CheckPlan = {
      ...check({ id: 'b', title: 'another', timeLimit: 1 }, join(folder, 'moved')),
      model: { ...task.model, name: 'renamed' },
      options: { ...task.options, expect: 'violated' },
    };
    expect(await hashOf(same)).toBe(await hashOf(task));
    expect(await hashOf(task)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells apart what a result depends on', async () => {
    const task = check();
    const hashes = [
      await hashOf(task),
      await hashOf({ ...task, options: { ...task.options, seed: 1 } }),
      await hashOf({ ...task, options: { ...task.options, elements: 9 } }),
      await hashOf({ ...task, options: { ...task.options, replay: { sample: 0, draw: 1 } } }),
      await hashOf({ ...task, group: { kind: 'SO', dim: 3 } }),
      await hashOf({
        ...task,
        model: { kind: 'family', name: 'steady', family: 'Rapidash', options: { layers: 4 } },
      }),
      await hashOf({ ...task, data: { ...task.data, samples: 9 } }),
      await hashOf(task, { ...testSettings, backend: 'cpu' }),
    ];
    writeFileSync(task.data.file, 'the data, edited');
    hashes.push(await hashOf(task));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('counts weights, foreign models and files in options as inputs', () => {
    const task = testCheck('a');
    const files = (model: CheckPlan['model']) => filesOf({ ...task, model });
    expect(files({ kind: 'onnx', name: 'm', file: '/m.onnx', inputs: [], outputs: [] })).toEqual([
      '/nowhere/objects.npz',
      '/m.onnx',
    ]);
    expect(
      files({
        kind: 'family',
        name: 'm',
        family: 'Rapidash',
        weights: '/w.safetensors',
        options: { table: '/t.npz', space: 'R3' },
      }),
    ).toEqual(['/nowhere/objects.npz', '/w.safetensors', '/t.npz']);
  });

  it('does not depend on the order of keys', async () => {
    const task = check();
    const turned = Object.fromEntries(Object.entries(task).reverse()) as unknown as CheckPlan;
    expect(await hashOf(turned)).toBe(await hashOf(task));
  });

  it('counts the files in which an ONNX file keeps its weights', async () => {
    const fixture = fileURLToPath(new URL('../../../test-fixtures/onnx/external', import.meta.url));
    const file = join(folder, 'external.onnx');
    const weights = join(folder, 'external.weights');
    copyFileSync(`${fixture}.onnx`, file);
    copyFileSync(`${fixture}.weights`, weights);
    const task = check({ model: { kind: 'onnx', name: 'm', file, inputs: [], outputs: [] } });
    const { files, hash } = await inputsOf(task, testSettings, createFileHasher());
    expect([...files.keys()]).toEqual([task.data.file, file, weights]);
    writeFileSync(weights, 'others');
    expect(await hashOf(task)).not.toBe(hash);
  });

  it.each([
    ['it does not exist', () => {}],
    ['it is a folder', (file: string) => mkdirSync(file)],
    ['it is a loop of links', (file: string) => symlinkSync(file, file)],
  ])('needs plain files: %s', async (found, make) => {
    const file = join(folder, 'other');
    make(file);
    const plain = testCheck('a');
    await expect(hashOf({ ...plain, data: { ...plain.data, file } })).rejects.toMatchObject({
      finding: { code: 'job/unreadable-input', found, place: { file } },
    });
  });
});

describe('the hash of a file', () => {
  it('sees a change that keeps size and modification time', async () => {
    const file = join(folder, 'data');
    const hasher = createFileHasher();
    writeFileSync(file, 'one');
    const { atime, mtime } = statSync(file);
    const before = await hasher.hash(file);
    writeFileSync(file, 'two');
    utimesSync(file, atime, mtime);
    expect(await hasher.hash(file)).not.toBe(before);
    expect(before).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed');
  });
});

describe('an outcome in the cache', () => {
  it('gets the paths and names of the task that asks for it', () => {
    const plain = testCheck('a');
    const at = (file: string, name: string): CheckPlan => ({ ...plain, data: { ...plain.data, file, name } });
    const outcome = {
      status: 'done' as const,
      data: { name: 'objects', file: '/a/objects.npz', samples: 1, available: 1, fields: [], sizes: {} },
      findings: [
        {
          code: 'data/odd' as const,
          severity: 'warning' as const,
          message: 'in /a/objects.npz',
          place: { file: '/a/objects.npz' },
        },
      ],
    };
    const kept = portable(outcome, at('/a/objects.npz', 'objects'));
    expect(JSON.stringify(kept)).not.toContain('/a/');
    expect(fitted(kept, at('/b/$& copy/objects.npz', 'things'))).toEqual({
      status: 'done',
      data: { ...outcome.data, name: 'things', file: '/b/$& copy/objects.npz' },
      findings: [
        {
          code: 'data/odd',
          severity: 'warning',
          message: 'in /b/$& copy/objects.npz',
          place: { file: '/b/$& copy/objects.npz' },
        },
      ],
    });
  });

  it('is nothing else than a result', () => {
    expect([null, 1, 'done', {}, { status: 'failed', findings: [] }, { status: 'done' }].some(isResult)).toBe(
      false,
    );
    expect(isResult({ status: 'done', findings: [] })).toBe(true);
  });
});
