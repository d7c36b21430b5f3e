import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCheck } from '../jobs/testing/tasks.ts';
import { override, selectChecks } from './select-checks.ts';
import { findSpecFiles } from './spec-files.ts';
import { watchFiles } from './watch-files.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'noether-files-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe('the specifications that are meant', () => {
  it('are files once each, and those below folders, hidden and installed ones left out', async () => {
    for (const name of ['a', '.git', 'node_modules']) mkdirSync(at(name));
    for (const name of [
      'a/two.equi',
      'a/one.equi',
      'a/data.npz',
      '.git/x.equi',
      'node_modules/x.equi',
      'z.equi',
    ]) {
      writeFileSync(at(name), '');
    }
    symlinkSync(folder, at('a/loop'));
    expect(await findSpecFiles([at('z.equi'), folder])).toEqual({
      files: [at('z.equi'), at('a/one.equi'), at('a/two.equi')],
      folders: [folder],
      findings: [],
    });
  });

  it('are never a loop of links, a link to nothing, or a path through a file', async () => {
    symlinkSync(at('loop.equi'), at('loop.equi'));
    symlinkSync(at('nothing'), at('dangling.equi'));
    writeFileSync(at('file'), '');
    const { files, findings } = await findSpecFiles([
      at('loop.equi'),
      at('dangling.equi'),
      at('file/x.equi'),
    ]);
    expect(files).toEqual([]);
    expect(findings.map(({ code, found }) => [code, found])).toEqual([
      ['spec/unreadable-file', 'a loop of links'],
      ['spec/unreadable-file', 'nothing of this name'],
      ['spec/unreadable-file', 'a path that leads through a file'],
    ]);
  });
});

describe('the checks that are meant', () => {
  const checks = ['one', 'two'].map((id) => ({ plan: testCheck(id) }));

  it('are those of a name or of a model', () => {
    expect(selectChecks(checks, [])).toEqual(checks);
    expect(selectChecks(checks, ['two'])).toEqual([checks[1]]);
    expect(selectChecks(checks, ['steady'])).toEqual(checks);
    expect(() => selectChecks(checks, ['one', 'three'])).toThrow('There is no check or model named "three"');
  });

  it('do what the command line says before what the specification says', () => {
    const { plan } = checks[0]!;
    expect(override(plan, {})).toEqual(plan);
    expect(override(plan, { seed: 5, elements: 3, timeLimit: 2, replay: { sample: 1, draw: 2 } })).toEqual({
      ...plan,
      timeLimit: 2,
      options: { ...plan.options, seed: 5, elements: 3, replay: { sample: 1, draw: 2 } },
    });
  });
});

describe('watching', () => {
  async function sees(files: string[], folders: string[], change: () => void): Promise<boolean> {
    const { changed, close } = watchFiles(files, folders);
    await sleep(20);
    change();
    const seen = await Promise.race([changed.then(() => true), sleep(1000).then(() => false)]);
    close();
    return seen;
  }

  it('sees an edit, a replacement, a file that comes, and a new specification in a folder', async () => {
    const file = at('a.equi');
    writeFileSync(file, '1');
    expect(await sees([file], [], () => writeFileSync(file, '2'))).toBe(true);
    const replace = () => {
      writeFileSync(at('other'), '3');
      renameSync(at('other'), file);
    };
    expect(await sees([file], [], replace)).toBe(true);
    expect(await sees([at('later/b.npz')], [], () => mkdirSync(at('later')))).toBe(true);
    expect(await sees([file], [folder], () => writeFileSync(at('c.equi'), ''))).toBe(true);
  });

  it('does not see what is not meant', async () => {
    writeFileSync(at('a.equi'), '1');
    expect(await sees([at('a.equi')], [folder], () => writeFileSync(at('notes.txt'), ''))).toBe(false);
  });
});
