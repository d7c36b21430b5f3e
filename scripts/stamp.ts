/** Whether something made from sources is up to date: a hash of their contents, kept beside what was made. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

const stampName = '.stamp';

/** True when `made` exists and was made from exactly these sources (files or folders, relative to the root). */
export function isFresh(made: string, sources: readonly string[]): boolean {
  const stamp = join(made, stampName);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(sources);
}

/** Notes that `made` is now made from these sources. */
export function keepStamp(made: string, sources: readonly string[]): void {
  writeFileSync(join(made, stampName), hashOf(sources));
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of sources.flatMap((source) => filesUnder(source))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}
