/**
 * Frames between Noether and the Python process, both ways alike (docs/python-protocol.md): four bytes with the length of
 * the header, little-endian; the header, JSON; the arrays' bytes, each padded to a multiple of 8.
 */
import { type NdArray, sizeOf } from '../../tensor/array.ts';

export const protocolVersion = 1;

/** An array as a header names it. */
export interface ArrayHeader {
  readonly name: string;
  readonly dtype: 'float64' | 'int32';
  readonly shape: readonly number[];
}

export interface Frame {
  readonly header: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly arrays: readonly NdArray[];
}

/** The pieces of a frame, to be written one after the other; arrays are not copied. */
export function encodeFrame(
  header: Readonly<Record<string, unknown>>,
  arrays: readonly (NdArray & { readonly name: string })[] = [],
): Uint8Array[] {
  const described = arrays.map(({ name, shape, data }) => ({ name, dtype: dtypeOf(data), shape }));
  const bytes = arrays.reduce((sum, { data }) => sum + padded(data.byteLength), 0);
  const text = Buffer.from(JSON.stringify({ ...header, arrays: described, bytes }));
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(text.length);
  const pieces: Uint8Array[] = [Buffer.concat([prefix, text])];
  for (const { data } of arrays) {
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const rest = padded(data.byteLength) - data.byteLength;
    if (rest > 0) pieces.push(new Uint8Array(rest));
  }
  return pieces;
}

/** Puts frames together from the chunks of a stream. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** What is being filled: the prefix, the header, the arrays. */
  #target: Uint8Array = new Uint8Array(4);
  #filled = 0;
  #part: 'prefix' | 'header' | 'arrays' = 'prefix';
  #header: Frame['header'] | undefined;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws SyntaxError or RangeError when the stream holds something else than frames. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const take = Math.min(this.#target.length - this.#filled, chunk.length - at);
      this.#target.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      // A part may be empty, and is then complete at once.
      while (this.#filled === this.#target.length && this.#complete()) {}
    }
  }

  /** Takes the filled part; false where a new one has to be filled first. */
  #complete(): boolean {
    const filled = this.#target;
    if (this.#part === 'prefix') {
      this.#next('header', Buffer.from(filled).readUInt32LE());
    } else if (this.#part === 'header') {
      const header = JSON.parse(Buffer.from(filled).toString('utf8')) as Frame['header'];
      this.#header = header;
      this.#next('arrays', typeof header.bytes === 'number' ? header.bytes : 0);
    } else {
      const header = this.#header!;
      this.#next('prefix', 4);
      this.#onFrame({ header, arrays: arraysIn(filled, (header.arrays ?? []) as ArrayHeader[]) });
    }
    return this.#target.length === 0;
  }

  #next(part: 'prefix' | 'header' | 'arrays', length: number): void {
    this.#part = part;
    // Not the shared pool: views of the arrays need it to begin at an offset of 0.
    this.#target = Buffer.allocUnsafeSlow(length);
    this.#filled = 0;
  }
}

/** The arrays of a frame, as views of its bytes. */
function arraysIn(bytes: Uint8Array, headers: readonly ArrayHeader[]): NdArray[] {
  let at = bytes.byteOffset;
  return headers.map(({ dtype, shape }) => {
    const size = sizeOf(shape);
    const data =
      dtype === 'float64'
        ? new Float64Array(bytes.buffer as ArrayBuffer, at, size)
        : new Int32Array(bytes.buffer as ArrayBuffer, at, size);
    at += padded(data.byteLength);
    return { shape, data };
  });
}

function dtypeOf(data: NdArray['data']): ArrayHeader['dtype'] {
  return data instanceof Float64Array ? 'float64' : 'int32';
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
