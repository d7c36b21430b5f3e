/** Where the worker's entry lies: beside the bundle that this code is part of, or beside this source file. */
import { fileURLToPath } from 'node:url';

export function workerFile(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? './worker.ts' : './worker.mjs', import.meta.url));
}
