import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPython, interpreterFingerprint } from './interpreter.ts';
import { pythonSources } from './sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noether-sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text = ''): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

it('sources are the module, its packages, and what these import from the folder', async () => {
  write('net/__init__.py', 'from .version import *\n');
  write('net/version.py');
  write(
    'net/build.py',
    [
      'import os, tools.geometry as geometry  # import unused',
      'from . import layers',
      'from .parts.deep import (',
      '    one,  # a comment',
      '    two,',
      ')',
      'from ..net.late import x',
      'def build():',
      '    import lazy',
      '    return 1',
    ].join('\n'),
  );
  write('net/layers.py', 'import net.build\n');
  write('net/parts/__init__.py');
  write('net/parts/deep.py', 'from .. import shared\n');
  write('net/shared.py');
  write('net/late.py');
  write('tools/geometry.py');
  write('lazy.py');
  write('unused.py');
  const found = (await pythonSources(folder, 'net.build')).map((file) => relative(folder, file));
  expect(found[0]).toBe('net/build.py');
  expect(found.sort()).toEqual([
    'lazy.py',
    'net/__init__.py',
    'net/build.py',
    'net/late.py',
    'net/layers.py',
    'net/parts/__init__.py',
    'net/parts/deep.py',
    'net/shared.py',
    'net/version.py',
    'tools/geometry.py',
  ]);
});

it('an installed module has no sources here', async () => {
  expect(await pythonSources(folder, 'numpy.linalg')).toEqual([]);
});

it('the interpreter is the one asked for, else the setting’s, else the environment’s around, else the PATH’s', async () => {
  const own = write('asked/bin/python');
  const environment = write('.venv/bin/python');
  const first = write('path/python3');
  const env = { PATH: dirname(first) };
  const inner = join(folder, 'a', 'b');
  mkdirSync(inner, { recursive: true });
  const choice = async (wish: { python?: string; setting?: string }) =>
    (await findPython({ ...wish, folder: inner }, env)).file;
  expect(await choice({ python: own, setting: 'python3' })).toBe(own);
  expect(await choice({ python: join(folder, 'asked') })).toBe(own);
  expect(await choice({ setting: 'python3' })).toBe(first);
  expect(await choice({})).toBe(environment);
  rmSync(join(folder, '.venv'), { recursive: true });
  expect(await choice({})).toBe(first);
  rmSync(first);
  await expect(choice({})).rejects.toMatchObject({ finding: { code: 'model/python-no-interpreter' } });
});

it('the fingerprint of an interpreter changes with the packages installed beside it', async () => {
  const python = write('env/bin/python', 'binary');
  symlinkSync(python, join(folder, 'link'));
  write('env/lib/python3.11/site-packages/numpy-1.24.2.dist-info/METADATA');
  const before = await interpreterFingerprint(python);
  write('env/lib/python3.11/site-packages/notes.txt');
  expect(await interpreterFingerprint(python)).toBe(before);
  const linked = await interpreterFingerprint(join(folder, 'link'));
  write('env/lib/python3.11/site-packages/torch-2.0.0.dist-info/METADATA');
  expect(await interpreterFingerprint(python)).not.toBe(before);
  expect(await interpreterFingerprint(join(folder, 'link'))).not.toBe(linked);
});
