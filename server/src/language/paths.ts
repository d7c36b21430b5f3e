/** Paths as a specification writes them. */
import { isAbsolute, resolve } from 'node:path';
import { type URI, UriUtils } from 'langium';

/** Relative paths start at the folder of the specification; absolute ones stay. */
export function absolutePath(path: string, specification: URI): string {
  return isAbsolute(path) ? resolve(path) : resolve(UriUtils.dirname(specification).fsPath, path);
}
