/** Which Noether this is: for reports, and for the cache, whose entries belong to exactly one. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };
import { workerFile } from './worker-file.ts';

/** As released: "0.1.0". */
export const version: string = manifest.version;

let known: string | undefined;

/**
 * Changes whenever the code changes that computes results: the hash of the bundled worker, or, when Noether runs from
 * its sources, of the engine's file names, sizes and times. The version alone would keep results over an edit of the engine.
 */
export function engineFingerprint(): string {
  known ??= fingerprint();
  return known;
}

/** Absolute paths, in a fixed order. */
function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
}

function fingerprint(): string {
  const hash = createHash('sha256').update(version);
  const worker = workerFile();
  if (worker.endsWith('.mjs')) {
    for (const file of [worker, ...filesBelow(join(dirname(worker), 'python'))])
      hash.update(readFileSync(file));
    return hash.digest('hex');
  }
  const engine = fileURLToPath(new URL('../../../engine/src', import.meta.url));
  const files = readdirSync(engine, { recursive: true, encoding: 'utf8' }).sort();
  const own = ['execute', 'execute-claim', 'execute-train', 'measure', 'open-model'].map((name) =>
    fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
  );
  for (const file of [...files.map((name) => join(engine, name)), ...own]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
