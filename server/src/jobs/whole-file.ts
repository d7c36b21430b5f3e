/** Files that appear whole or not at all, and replace nothing unasked. */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '@noether/engine/catalog';

/** A file beside its place, to be looked at before it goes there. */
export interface Draft {
  /** Where it is now. */
  readonly file: string;
  /** Moves it to its place. @throws Fault `export/file-exists` */
  publish(force: boolean): void;
  /** Removes what was not published. */
  discard(): void;
}

/** @throws Fault `export/file-exists` unless forced */
export function expectFree(file: string, force: boolean): void {
  if (!force && existsSync(file)) throw exists(file);
}

/** Writes bytes beside `file`, flushed to disk. @throws Fault `export/not-written` */
export function draft(file: string, bytes: Uint8Array): Draft {
  const [, ending = ''] = /(\.\w+)$/.exec(file) ?? [];
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.part${ending}`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'w');
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw notWritten(file, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return {
    file: temporary,
    publish(force) {
      try {
        if (force) renameSync(temporary, file);
        else placeNew(temporary, file);
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(file) : notWritten(file, error);
      }
    },
    discard: () => rmSync(temporary, { force: true }),
  };
}

/** A link fails where there is a file, at once and for good; a rename would replace it. */
function placeNew(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Some file systems have no links.
    if (code === 'EEXIST' || existsSync(file)) throw exists(file);
    renameSync(temporary, file);
    return;
  }
  rmSync(temporary, { force: true });
}

function exists(file: string): Fault {
  return new Fault({
    code: 'export/file-exists',
    message: `${file} is there already, and is not replaced`,
    expected: 'the name of a new file',
    found: 'a file',
    place: { file },
    advice: 'Name another file, or replace this one with --force.',
  });
}

function notWritten(file: string, error: unknown): Fault {
  return new Fault({
    code: 'export/not-written',
    message: `${file} cannot be written`,
    expected: 'a folder that is there, may be written to, and has room',
    found: String((error as NodeJS.ErrnoException).code ?? error),
    place: { file },
    advice: 'Name a file in another folder.',
  });
}
