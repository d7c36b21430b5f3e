/**
 * Entries of zip archives, stored or deflated, with memory bounded by what is asked for. The container is read by
 * yauzl: it goes by the central directory, knows zip64, and compares an entry's declared size with what comes out.
 */
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { Fault, type Place } from '../fault.ts';
import { type ByteSource, corrupt, truncated } from './bytes.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes once inflated, as the archive states. */
  readonly size: number;
  /** `length` inflated bytes from `offset`. Nothing behind them is inflated. */
  fetch(offset: number, length: number): Promise<Uint8Array>;
}

const chunkBytes = 2 ** 16;

/** Lists the entries. Throws `data/wrong-magic`, `data/truncated` or `data/corrupt`. */
export async function openZip(bytes: ByteSource): Promise<readonly ZipEntry[]> {
  const place: Place = { file: bytes.file };
  const start = bytes.read(0, Math.min(4, bytes.size));
  const text = String.fromCharCode(...start);
  // PK\5\6 alone is an archive without entries.
  if (start.length === 4 && text !== 'PK\x03\x04' && text !== 'PK\x05\x06') {
    throw new Fault({
      code: 'data/wrong-magic',
      message: 'This is not a .npz archive: it does not start like a zip file',
      expected: 'the bytes PK',
      place,
      advice: 'Write it with numpy.savez, or give the file the extension of what it is.',
    });
  }
  try {
    const zip = await fromRandomAccessReaderPromise(new SourceReader(bytes), bytes.size, {
      lazyEntries: true,
      autoClose: false,
      // Nothing is unpacked to disk, so names are only labels; yauzl would refuse some of them.
      decodeStrings: false,
    });
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entryOf(zip, entry, bytes.file));
    return entries;
  } catch (error) {
    throw zipFault(error, place);
  }
}

function entryOf(zip: ZipFile, entry: Entry, file: string | undefined): ZipEntry {
  const name = new TextDecoder().decode(entry.fileNameRaw);
  return {
    name,
    size: entry.uncompressedSize,
    async fetch(offset, length) {
      const place = { file, member: name.replace(/\.npy$/, '') };
      try {
        return await inflatePart(await zip.openReadStreamPromise(entry), entry, offset, length, place);
      } catch (error) {
        throw zipFault(error, place);
      }
    },
  };
}

function inflatePart(
  stream: Readable,
  entry: Entry,
  offset: number,
  length: number,
  place: Place,
): Promise<Uint8Array> {
  const result = new Uint8Array(length);
  const end = offset + length;
  // A checksum covers the whole entry, so it can be compared only where the part reaches the end.
  const whole = end >= entry.uncompressedSize;
  return new Promise((resolve, reject) => {
    let position = 0;
    let checksum = 0;
    stream.on('data', (chunk: Buffer) => {
      if (whole) checksum = crc32(chunk, checksum);
      const from = Math.max(offset - position, 0);
      const to = Math.min(end - position, chunk.length);
      if (to > from) result.set(chunk.subarray(from, to), position + from - offset);
      position += chunk.length;
      if (!whole && position >= end) {
        stream.destroy();
        resolve(result);
      }
    });
    stream.on('end', () => {
      if (position < end) reject(truncated(place, `${end} bytes`, `${position} bytes`));
      else if (whole && checksum !== entry.crc32) {
        reject(corrupt(place, `"${place.member}" is damaged: its checksum does not agree with its bytes`));
      } else resolve(result);
    });
    stream.on('error', reject);
  });
}

/** Gives yauzl the bytes of a {@link ByteSource}; a class because that is the form of its extension point. */
class SourceReader extends RandomAccessReader {
  readonly #bytes: ByteSource;

  constructor(bytes: ByteSource) {
    super();
    this.#bytes = bytes;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    let error: Error | null = null;
    let count = 0;
    try {
      count = Math.max(0, Math.min(length, this.#bytes.size - position));
      buffer.set(this.#bytes.read(position, count), offset);
    } catch (thrown) {
      error = thrown as Error;
    }
    // Always later: yauzl walks a directory by recursion and would otherwise run out of stack on a long one.
    setImmediate(callback, error, count);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const bytes = this.#bytes;
    function* chunks() {
      for (let at = start; at < end; at += chunkBytes) yield bytes.read(at, Math.min(chunkBytes, end - at));
    }
    return Readable.from(chunks(), { objectMode: false });
  }
}

function zipFault(error: unknown, place: Place): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/truncated|EOF|end of file|overflows|Expected: .* Found/i.test(text)) {
    return new Fault({
      code: 'data/truncated',
      message: 'The .npz archive ends too early or lacks its table of contents, which is at its end',
      place,
      advice: 'Copy or download the file again; its end is missing.',
    });
  }
  return corrupt(place, `The .npz archive is damaged or of an unusual kind: ${text}`);
}
