/** Hashes of files, streamed, and remembered for as long as the file's metadata stay the same. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '@noether/engine/catalog';

export interface FileHasher {
  /**
   * SHA-256 of the file's bytes, in hex; of a folder of pictures, of their names and bytes.
   * @throws Fault `job/unreadable-input` when it is missing, not a plain file, or cannot be read.
   */
  hash(file: string): Promise<string>;
}

/** What has to stay the same for a remembered hash to hold. */
interface Stamp {
  readonly modified: bigint;
  readonly changed: bigint;
  readonly size: bigint;
  readonly inode: bigint;
}

/**
 * A file that was written less than this before its hash was taken may be written again within the same tick of the
 * file system's clock, unnoticed; so its hash is not remembered. Nanoseconds.
 */
const settled = 2_000_000_000n;

export function createFileHasher(): FileHasher {
  const known = new Map<string, { stamp: Stamp; hash: string }>();
  const underway = new Map<string, Promise<string>>();

  /** Files are remembered one by one, so that a second look costs little. */
  async function lookUpFolder(folder: string): Promise<string> {
    const { picturesIn } = await import('@noether/engine/inspect');
    const hash = createHash('sha256');
    const files = picturesIn(folder);
    if (files.length === 0) {
      // A model in TensorFlow's own format: what opens it says what to do.
      const saved = join(folder, 'saved_model.pb');
      if (existsSync(saved)) return lookUp(saved);
      throw unreadable(folder, { code: 'EISDIR' });
    }
    for (const file of files) hash.update(`${relative(folder, file)}\0${await lookUp(file)}\0`);
    return hash.digest('hex');
  }

  async function lookUp(file: string): Promise<string> {
    const before = await stampOf(file);
    const remembered = known.get(file);
    if (remembered && same(remembered.stamp, before)) return remembered.hash;
    const hash = await hashBytes(file);
    const after = await stampOf(file);
    const now = BigInt(Date.now()) * 1_000_000n;
    if (same(before, after) && now - after.modified > settled && now - after.changed > settled) {
      known.set(file, { stamp: after, hash });
    } else known.delete(file);
    return hash;
  }

  async function lookUpAny(file: string): Promise<string> {
    const facts = await stat(file).catch(() => undefined);
    return facts?.isDirectory() ? lookUpFolder(file) : lookUp(file);
  }

  return {
    hash(file) {
      const running = underway.get(file);
      if (running) return running;
      const promise = lookUpAny(file).finally(() => underway.delete(file));
      underway.set(file, promise);
      return promise;
    },
  };
}

async function stampOf(file: string): Promise<Stamp> {
  const found = await stat(file, { bigint: true }).catch((error) => {
    throw unreadable(file, error);
  });
  // A folder has no bytes, and a device or a pipe may have no end.
  if (!found.isFile()) throw unreadable(file, { code: found.isDirectory() ? 'EISDIR' : 'not a plain file' });
  return { modified: found.mtimeNs, changed: found.ctimeNs, size: found.size, inode: found.ino };
}

function same(a: Stamp, b: Stamp): boolean {
  return a.modified === b.modified && a.changed === b.changed && a.size === b.size && a.inode === b.inode;
}

async function hashBytes(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 18 }), hash).catch((error) => {
    throw unreadable(file, error);
  });
  return hash.digest('hex');
}

const reasons: Record<string, string> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not permitted',
  ELOOP: 'it is a loop of links',
};

function unreadable(file: string, error: { code?: string }): Fault {
  const { code = 'unknown reason' } = error;
  return new Fault({
    code: 'job/unreadable-input',
    message: 'A file that the check needs cannot be read',
    expected: 'a plain file',
    found: reasons[code] ?? code,
    place: { file },
  });
}
