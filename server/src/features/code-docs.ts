/** Where the codes of diagnostics are explained: a page that came with the program, when it did. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Folders, relative to this module, that may hold the page: of the repository, and of the packaged extension. */
const places = ['../../../docs', '../docs', './docs'];

let page: string | undefined | null = null;

/** Address of a code's entry in `docs/codes.md`; `undefined` when this installation has no such page. */
export function codeHref(code: string): string | undefined {
  if (page === null) {
    const found = places
      .map((place) => join(import.meta.dirname, place, 'codes.md'))
      .find((file) => existsSync(file));
    page = found === undefined ? undefined : pathToFileURL(found).href;
  }
  // The anchor that a heading gets on the usual Markdown hosts: punctuation goes, blanks become hyphens.
  return page && `${page}#${code.replace('/', '')}`;
}
