/** Files that a command writes and never replaces. */
import { existsSync, writeFileSync } from 'node:fs';
import type { FindingCode } from '@noether/engine/catalog';
import { commandLineFault } from './faults.ts';

/** The codes of the command that writes. */
export interface NewFileCodes {
  readonly exists: FindingCode;
  readonly notWritten: FindingCode;
}

/** Asked before anything is computed. @throws CommandLineFault `codes.exists` */
export function expectNew(file: string, codes: NewFileCodes): void {
  if (existsSync(file)) throw exists(file, codes);
}

/** @throws CommandLineFault `codes.exists`, `codes.notWritten` */
export function writeNew(file: string, text: string, codes: NewFileCodes): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file, codes);
    throw commandLineFault(codes.notWritten, {
      message: `${file} cannot be written`,
      found: String((error as NodeJS.ErrnoException).code),
      place: { file },
      advice: 'Name a file in a folder that is there and may be written to.',
    });
  }
}

function exists(file: string, codes: NewFileCodes) {
  return commandLineFault(codes.exists, {
    message: `${file} is there already, and is not replaced`,
    expected: 'the name of a new file',
    found: 'a file',
    place: { file },
    advice: 'Name another file, or remove this one.',
  });
}
