/** Random access to the bytes of a file or of a buffer, with every failure of the operating system put into words. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Fault, type Place } from '../fault.ts';

/** Bytes that can be read in any order. Close it when done. */
export interface ByteSource {
  /** Path of the file; undefined for bytes in memory. */
  readonly file: string | undefined;
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`. The result may alias the source's memory: do not write to it.
   * Throws `data/truncated` where the source ends before.
   */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/**
 * Opens a path or wraps a buffer.
 * Throws `data/no-such-file`, `data/is-a-directory`, `data/not-a-file`, `data/link-loop`, `data/no-permission` or
 * `data/unreadable`.
 */
export function openBytes(source: string | Uint8Array): ByteSource {
  return typeof source === 'string' ? openFile(source) : wrapBuffer(source);
}

/** Opens, calls `use`, and closes in any case. */
export function withBytes<T>(source: string | Uint8Array, use: (bytes: ByteSource) => T): T {
  const bytes = openBytes(source);
  try {
    return use(bytes);
  } finally {
    bytes.close();
  }
}

/** The Fault for bytes that should follow and do not. */
export function truncated(place: Place, expected: string, found: string): Fault {
  const what = place.member === undefined ? 'The file' : `"${place.member}"`;
  return new Fault({
    code: 'data/truncated',
    message: `${what} ends too early: it should have ${expected} and has ${found}`,
    expected,
    found,
    place,
    advice: 'Copy or download the file again; its end is missing.',
  });
}

/** The Fault for contents that contradict themselves or their format. */
export function corrupt(place: Place, message: string, advice?: string): Fault {
  return new Fault({
    code: 'data/corrupt',
    message,
    place,
    advice: advice ?? 'Write the file again with the library that it came from; it is damaged.',
  });
}

function wrapBuffer(buffer: Uint8Array): ByteSource {
  return {
    file: undefined,
    size: buffer.length,
    read(offset, length) {
      if (offset + length > buffer.length) {
        throw truncated({}, `${offset + length} bytes`, `${buffer.length} bytes`);
      }
      return buffer.subarray(offset, offset + length);
    },
    close() {},
  };
}

function openFile(file: string): ByteSource {
  let descriptor: number;
  let size: number;
  try {
    // Asked before opening: to open a named pipe would wait for ever for somebody to write to it.
    const before = statSync(file);
    if (before.isDirectory()) throw isDirectory(file);
    if (!before.isFile()) throw notAFile(file);
    descriptor = openSync(file, 'r');
    size = fstatSync(descriptor).size;
  } catch (error) {
    throw fileFault(error, file);
  }
  return {
    file,
    size,
    read(offset, length) {
      const buffer = new Uint8Array(length);
      let done = 0;
      try {
        while (done < length) {
          const count = readSync(descriptor, buffer, done, length - done, offset + done);
          if (count === 0) {
            throw truncated({ file }, `${offset + length} bytes`, `${offset + done} bytes`);
          }
          done += count;
        }
      } catch (error) {
        throw fileFault(error, file);
      }
      return buffer;
    },
    close() {
      closeSync(descriptor);
    },
  };
}

function isDirectory(file: string): Fault {
  return new Fault({
    code: 'data/is-a-directory',
    message: `${file} is a folder, not a file`,
    expected: 'a data file',
    found: 'a folder',
    place: { file },
    advice: 'Name one file inside it.',
  });
}

function notAFile(file: string): Fault {
  return new Fault({
    code: 'data/not-a-file',
    message: `${file} is a device, pipe or socket, not a file`,
    expected: 'a data file',
    place: { file },
    advice: 'Name a regular file.',
  });
}

/** An error of the file system as a Fault in plain words; a Fault passes through unchanged. */
export function fileFault(error: unknown, file: string): Fault {
  if (error instanceof Fault) return error;
  const place = { file };
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE':
      return new Fault({
        code: 'data/no-such-file',
        message: `There is no file ${JSON.stringify(file).slice(1, -1)}`,
        place,
        advice: 'Check the path; a path in a specification is relative to the folder of the specification.',
      });
    case 'EISDIR':
      return isDirectory(file);
    case 'ELOOP':
      return new Fault({
        code: 'data/link-loop',
        message: `${file} is a symbolic link that leads back to itself`,
        expected: 'a link that ends at a file',
        found: 'a loop of links',
        place,
        advice: 'Point the link at a file.',
      });
    case 'EACCES':
    case 'EPERM':
      return new Fault({
        code: 'data/no-permission',
        message: `You may not read ${file}`,
        place,
        advice: 'Give yourself permission to read the file.',
      });
    default:
      return new Fault({
        code: 'data/unreadable',
        message: `${file} cannot be read: the operating system reports ${code ?? 'an unknown error'}`,
        place,
        advice: 'Check that the disk or the network drive is there, then try again.',
      });
  }
}
