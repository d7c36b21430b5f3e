/**
 * Results on disk, by the hash of what they were computed from. A cache may always be lost: an entry that cannot be
 * read is no entry, and a folder that cannot be written is only a slower Noether.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ResultCache {
  /** The entry's value; `undefined` when there is none, or when it is torn or foreign. */
  get(hash: string): Promise<unknown>;
  put(hash: string, value: unknown): Promise<void>;
  /** Removes all entries, and nothing else that lies in the folder. */
  clear(): Promise<void>;
}

export interface CacheOptions {
  readonly folder: string;
  /** Bytes that all entries may take together; those used longest ago go first. Default 64 MB. */
  readonly maxBytes?: number;
  readonly log?: (line: string) => void;
}

/** The first line of an entry is this and the SHA-256 of the rest. */
const magic = 'noether-result-1';
const entryName = /^[0-9a-f]{64}\.json$/;
const leftoverName = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.tmp$/;
/** Milliseconds after which an unfinished write is a leftover of a process that died. */
const leftoverAge = 3_600_000;

export function createCache({ folder, maxBytes = 64 * 2 ** 20, log = () => {} }: CacheOptions): ResultCache {
  const results = join(folder, 'results');
  const fileOf = (hash: string) => join(results, hash.slice(0, 2), `${hash}.json`);
  // The folder is measured at the first write, and again whenever a part of the allowance has been written.
  let unmeasured = Number.POSITIVE_INFINITY;

  return {
    async get(hash) {
      const file = fileOf(hash);
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch {
        return undefined;
      }
      const value = decode(text);
      if (value === undefined) {
        log(`cache: ${file} is damaged and was removed`);
        await rm(file, { force: true }).catch(() => {});
        return undefined;
      }
      // The time of the last use decides what goes first.
      const now = new Date();
      await utimes(file, now, now).catch(() => {});
      return value;
    },

    async put(hash, value) {
      const file = fileOf(hash);
      const text = encode(value);
      // Written aside and renamed: a reader sees a whole entry or none, also when this process dies here.
      const aside = join(dirname(file), `${hash}.${randomUUID()}.tmp`);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(aside, text);
        await rename(aside, file);
        unmeasured += text.length;
        if (unmeasured > maxBytes / 16) {
          unmeasured = 0;
          await prune(results, maxBytes);
        }
      } catch (error) {
        await rm(aside, { force: true }).catch(() => {});
        log(`cache: ${file} could not be written: ${(error as Error).message}`);
      }
    },

    async clear() {
      for (const { file } of await entries(results)) await rm(file, { force: true });
    },
  };
}

function encode(value: unknown): string {
  const body = JSON.stringify(value);
  return `${magic} ${createHash('sha256').update(body).digest('hex')}\n${body}`;
}

function decode(text: string): unknown {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  const head = `${magic} ${createHash('sha256').update(body).digest('hex')}`;
  return end >= 0 && text.slice(0, end) === head ? JSON.parse(body) : undefined;
}

interface Entry {
  readonly file: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly used: number;
  readonly leftover: boolean;
}

/** Our own files below the folder; others are not ours to touch. */
async function entries(results: string): Promise<Entry[]> {
  const found: Entry[] = [];
  const names = await readdir(results, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const name of names) {
    const leftover = leftoverName.test(name.name);
    if (!name.isFile() || !(leftover || entryName.test(name.name))) continue;
    const file = join(name.parentPath, name.name);
    // Another process may have removed it meanwhile.
    const facts = await stat(file).catch(() => undefined);
    if (facts) found.push({ file, size: facts.size, used: facts.mtimeMs, leftover });
  }
  return found;
}

async function prune(results: string, maxBytes: number): Promise<void> {
  const all = await entries(results);
  const old = all.filter(({ leftover, used }) => leftover && Date.now() - used > leftoverAge);
  for (const { file } of old) await rm(file, { force: true });
  const kept = all.filter(({ leftover }) => !leftover).sort((a, b) => b.used - a.used);
  let total = 0;
  for (const { file, size } of kept) {
    total += size;
    if (total > maxBytes) await rm(file, { force: true });
  }
}
