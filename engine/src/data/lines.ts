/** Lines of a text file, read in blocks, so that a file larger than memory can be walked through. */
import { Fault } from '../fault.ts';
import type { ByteSource } from './bytes.ts';
import { bytesText } from './limits.ts';

export interface LineReader {
  /** 1-based number of the line that `next` gave last; 0 before the first. */
  readonly line: number;
  /** At most so many bytes lie behind the lines given so far. */
  readonly remaining: number;
  /** The next line without its end; undefined at the end of the file. Throws `data/not-utf8` or `data/line-too-long`. */
  next(): string | undefined;
}

const blockBytes = 2 ** 18;
const maxLineBytes = 2 ** 24;
const newline = 0x0a;

/** Reads lines that end with \n or \r\n; a byte order mark at the start is dropped. */
export function readLines(bytes: ByteSource): LineReader {
  let block: string[] = [];
  let blockAt = 0;
  let offset = 0;
  let line = 0;
  let given = 0;

  /** Loads the next block of whole lines; false at the end of the file. */
  function load(): boolean {
    if (offset >= bytes.size) return false;
    let wanted = blockBytes;
    for (;;) {
      const part = bytes.read(offset, Math.min(wanted, bytes.size - offset));
      const last = offset + part.length >= bytes.size ? part.length - 1 : part.lastIndexOf(newline);
      if (last >= 0) {
        block = decode(part.subarray(0, last + 1), line, bytes.file).split('\n');
        // A final \n ends a line, it does not start another.
        if (part[last] === newline) block.pop();
        if (offset === 0 && block[0]?.startsWith('\ufeff')) block[0] = block[0].slice(1);
        offset += last + 1;
        blockAt = 0;
        return true;
      }
      if (wanted >= maxLineBytes) {
        throw new Fault({
          code: 'data/line-too-long',
          message: `Line ${line + 1} is longer than ${bytesText(maxLineBytes)}; this does not look like text`,
          place: { file: bytes.file, line: line + 1 },
          advice: 'Check that the file really is in the format of its extension.',
        });
      }
      wanted *= 4;
    }
  }

  return {
    get line() {
      return line;
    },
    get remaining() {
      return Math.max(0, bytes.size - given);
    },
    next() {
      if (blockAt >= block.length && !load()) return undefined;
      const text = block[blockAt++]!;
      line++;
      // A character is at least one byte, so `remaining` is never less than what is really left.
      given += text.length + 1;
      return text.endsWith('\r') ? text.slice(0, -1) : text;
    },
  };
}

/** Decodes UTF-8 strictly. `linesBefore` places the error. */
export function decode(part: Uint8Array, linesBefore: number, file: string | undefined): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(part);
  } catch {
    let line = linesBefore;
    for (let start = 0; start < part.length; ) {
      const end = part.indexOf(newline, start);
      const stop = end < 0 ? part.length : end;
      line++;
      try {
        decoder.decode(part.subarray(start, stop));
      } catch {
        break;
      }
      start = stop + 1;
    }
    throw new Fault({
      code: 'data/not-utf8',
      message: `Line ${line} is not UTF-8 text`,
      expected: 'text in UTF-8',
      found: 'other bytes',
      place: { file, line },
      advice: 'Save the file as UTF-8, or give it the extension of what it is.',
    });
  }
}
