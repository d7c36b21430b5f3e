/** Which specifications are meant: files, and folders that stand for the specifications below them. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Finding } from '@noether/engine/catalog';

export interface SpecFiles {
  /** Absolute paths, each once, in the order named; those of a folder in alphabetical order. */
  readonly files: readonly string[];
  /** Folders that were named. */
  readonly folders: readonly string[];
  /** What was named and is no specification. */
  readonly findings: readonly Finding[];
}

const extension = '.equi';

export async function findSpecFiles(names: readonly string[]): Promise<SpecFiles> {
  const files = new Set<string>();
  const folders: string[] = [];
  const findings: Finding[] = [];
  for (const name of names) {
    const path = resolve(name);
    const facts = await stat(path).catch((error: NodeJS.ErrnoException) => error);
    if (facts instanceof Error) findings.push(unreadable(path, facts));
    else if (facts.isDirectory()) {
      folders.push(path);
      const found = await specsBelow(path);
      for (const file of found) files.add(file);
      if (found.length === 0) findings.push(emptyFolder(path));
    } else {
      const finding = facts.isFile() ? await whatIsWrong(path) : notSpecification(path);
      if (finding) findings.push(finding);
      else files.add(path);
    }
  }
  return { files: [...files], folders, findings };
}

/** Hidden folders and installed packages are left out; links to folders are not followed, so there are no loops. */
async function specsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      found.push(...(await specsBelow(path)));
    } else if (entry.isFile() && entry.name.endsWith(extension)) found.push(path);
  }
  return found;
}

async function whatIsWrong(file: string): Promise<Finding | undefined> {
  if (!file.endsWith(extension)) return notSpecification(file);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return unreadable(file, error as NodeJS.ErrnoException);
  }
  return isUtf8(bytes) ? undefined : notUtf8(file);
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'nothing of this name',
  EACCES: 'a file that may not be read',
  ELOOP: 'a loop of links',
  ENOTDIR: 'a path that leads through a file',
};

function unreadable(file: string, { code = '' }: NodeJS.ErrnoException): Finding {
  return {
    code: 'spec/unreadable-file',
    severity: 'error',
    message: 'The specification cannot be read',
    expected: 'a file or a folder',
    found: reasons[code] ?? code,
    place: { file },
  };
}

function notSpecification(file: string): Finding {
  return {
    code: 'spec/not-a-specification',
    severity: 'error',
    message: 'This is not a specification',
    expected: `a file whose name ends with ${extension}`,
    place: { file },
    advice: 'To see what a data or model file holds: noether describe FILE',
  };
}

function notUtf8(file: string): Finding {
  return {
    code: 'spec/not-utf-8',
    severity: 'error',
    message: 'The specification is not text in UTF-8',
    place: { file },
    advice: 'Save it again in the encoding UTF-8',
  };
}

function emptyFolder(file: string): Finding {
  return {
    code: 'spec/empty-folder',
    severity: 'error',
    message: `The folder has no specification: no file below it ends with ${extension}`,
    place: { file },
  };
}
