import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCache } from './cache.ts';
import { cacheFolder } from './cache-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noether-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (n: number) => n.toString(16).padStart(64, '0');
const fileOf = (n: number) => join(folder, 'results', '00', `${hashOf(n)}.json`);

describe('the cache of results', () => {
  it('gives back what was put, also to another process', async () => {
    await createCache({ folder }).put(hashOf(1), { gap: 3.1e-7, text: 'ä\n' });
    expect(await createCache({ folder }).get(hashOf(1))).toEqual({ gap: 3.1e-7, text: 'ä\n' });
    expect(await createCache({ folder }).get(hashOf(2))).toBeUndefined();
  });

  it.each([
    ['torn', (text: string) => text.slice(0, -5)],
    ['altered', (text: string) => text.replace('0.5', '0.6')],
    ['foreign', () => '{"gap":0.5}'],
    ['of a later format', (text: string) => text.replace('result-1', 'result-2')],
    ['empty', () => ''],
  ])('ignores an entry that is %s, removes it and takes a new one', async (_, damage) => {
    const lines: string[] = [];
    const cache = createCache({ folder, log: (line) => lines.push(line) });
    await cache.put(hashOf(1), { gap: 0.5 });
    writeFileSync(fileOf(1), damage(readFileSync(fileOf(1), 'utf8')));
    expect(await cache.get(hashOf(1))).toBeUndefined();
    expect(existsSync(fileOf(1))).toBe(false);
    expect(lines).toEqual([`cache: ${fileOf(1)} is damaged and was removed`]);
    await cache.put(hashOf(1), { gap: 0.7 });
    expect(await cache.get(hashOf(1))).toEqual({ gap: 0.7 });
  });

  it('is no matter when an entry cannot be read or the folder cannot be written', async () => {
    mkdirSync(fileOf(1), { recursive: true });
    expect(await createCache({ folder }).get(hashOf(1))).toBeUndefined();
    const lines: string[] = [];
    writeFileSync(join(folder, 'file'), '');
    const cache = createCache({ folder: join(folder, 'file'), log: (line) => lines.push(line) });
    await cache.put(hashOf(2), {});
    expect(await cache.get(hashOf(2))).toBeUndefined();
    expect(lines[0]).toContain('could not be written');
  });

  it('lets go what was used longest ago when it takes more than its bound', async () => {
    const cache = createCache({ folder, maxBytes: 1000 });
    const text = 'x'.repeat(200);
    for (const n of [1, 2, 3]) {
      await cache.put(hashOf(n), text);
      utimesSync(fileOf(n), n, n);
    }
    expect(await cache.get(hashOf(1))).toBe(text);
    await cache.put(hashOf(4), text);
    expect(await cache.get(hashOf(2))).toBeUndefined();
    for (const n of [1, 3, 4]) expect(await cache.get(hashOf(n))).toBe(text);
  });

  it('removes what a process that died left unfinished, and nothing that is not its own', async () => {
    await createCache({ folder }).put(hashOf(1), 1);
    const leftover = join(folder, 'results', '00', `${hashOf(2)}.00000000-0000-4000-8000-000000000000.tmp`);
    const recent = leftover.replace('8000', '9000');
    const notes = join(folder, 'results', 'notes.txt');
    for (const file of [leftover, recent, notes]) writeFileSync(file, 'x');
    utimesSync(leftover, 1, 1);
    utimesSync(notes, 1, 1);
    await createCache({ folder }).put(hashOf(3), 3);
    expect([leftover, recent, notes].map(existsSync)).toEqual([false, true, true]);
    await createCache({ folder }).clear();
    expect(readdirSync(join(folder, 'results', '00'))).toEqual([]);
    expect(existsSync(notes)).toBe(true);
  });
});

describe('the folder of the cache', () => {
  it.each<[string, Record<string, string>, NodeJS.Platform, string]>([
    ['/set/by/user', { XDG_CACHE_HOME: '/xdg' }, 'linux', '/set/by/user'],
    ['', { XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/noether'],
    ['', { XDG_CACHE_HOME: 'relative' }, 'linux', join(homedir(), '.cache', 'noether')],
    ['', {}, 'darwin', join(homedir(), 'Library', 'Caches', 'noether')],
    ['', { LOCALAPPDATA: '/local' }, 'win32', join('/local', 'noether', 'Cache')],
  ])('for the setting %j and %j on %s', (setting, env, platform, expected) => {
    expect(cacheFolder(setting, env, platform)).toBe(expected);
  });
});
