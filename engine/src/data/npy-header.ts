/**
 * The header of numpy's .npy format, versions 1 to 3: magic, version, length, then a Python dictionary literal with
 * `descr`, `fortran_order` and `shape`. Format: numpy.lib.format.
 */
import { Fault, type Place } from '../fault.ts';
import { corrupt } from './bytes.ts';
import type { NumberType } from './numbers.ts';

/** How one element is stored. */
export type NpyElement =
  | { readonly kind: 'number'; readonly type: NumberType; readonly bigEndian: boolean }
  /** `<U7`: 7 code points of 4 bytes, padded with zeros. */
  | { readonly kind: 'unicode'; readonly length: number; readonly bigEndian: boolean }
  /** `|S7`: 7 bytes, padded with zeros. */
  | { readonly kind: 'bytes'; readonly length: number }
  | { readonly kind: 'unsupported' };

export interface NpyHeader {
  /** numpy's name of the element type; "text" for both kinds of text. */
  readonly dtype: string;
  readonly element: NpyElement;
  readonly itemBytes: number;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values start. */
  readonly dataOffset: number;
}

/** Bytes that {@link npyHeaderBytes} needs. */
export const npyPreambleBytes = 12;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** No sane array needs a longer header; numpy itself refuses more than 10 kB by default. */
const maxHeaderBytes = 2 ** 20;

/** True where the bytes start like a .npy file. */
export function startsLikeNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Length of the whole header, from the first {@link npyPreambleBytes} bytes.
 * Throws `data/wrong-magic` or `data/corrupt`.
 */
export function npyHeaderBytes(preamble: Uint8Array, place: Place): number {
  if (!startsLikeNpy(preamble)) {
    throw new Fault({
      code: 'data/wrong-magic',
      message: 'This is not a .npy array: it does not start with the mark of one',
      expected: 'the bytes \\x93NUMPY',
      place,
      advice: 'Write it with numpy.save or numpy.savez, or give the file the extension of what it is.',
    });
  }
  const version = preamble[6]!;
  if (version < 1 || version > 3) {
    throw corrupt(place, `The .npy format has versions 1 to 3; this file states ${version}`);
  }
  const view = new DataView(preamble.buffer, preamble.byteOffset, npyPreambleBytes);
  const total = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (total > maxHeaderBytes) {
    throw corrupt(
      place,
      `The .npy header claims ${total} bytes; Noether reads headers up to ${maxHeaderBytes}`,
    );
  }
  return total;
}

/** Parses a whole header. Throws `data/corrupt`. */
export function parseNpyHeader(bytes: Uint8Array, place: Place): NpyHeader {
  const start = bytes[6] === 1 ? 10 : 12;
  // Versions 1 and 2 are latin-1, 3 is UTF-8; only names inside structured types, which are refused, can differ.
  const text = new TextDecoder().decode(bytes.subarray(start));
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|([[(]))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const sizes = /['"]shape['"]\s*:\s*\(([^()]*)\)/.exec(text);
  const shape = sizes?.[1]
    ?.split(',')
    .map((size) => size.trim())
    .filter((size, i, all) => size !== '' || i < all.length - 1)
    // Python 2 wrote sizes as 3L.
    .map((size) => (/^\d+L?$/.test(size) ? Number.parseInt(size, 10) : Number.NaN));
  if (!descr || !order || !shape?.every(Number.isSafeInteger)) {
    throw corrupt(place, 'The .npy header does not state dtype, order and shape in the form of the format');
  }
  const { dtype, element, itemBytes } = descr[2] ? structured : elementOf(descr[1]!);
  return { dtype, element, itemBytes, fortran: order[1] === 'True', shape, dataOffset: bytes.length };
}

interface ElementFacts {
  readonly dtype: string;
  readonly element: NpyElement;
  readonly itemBytes: number;
}

const structured: ElementFacts = { dtype: 'structured', element: { kind: 'unsupported' }, itemBytes: 0 };

function elementOf(descr: string): ElementFacts {
  const match = /^([<>=|]?)([?a-zA-Z])(\d*)/.exec(descr);
  if (!match) return { dtype: descr || 'unnamed', element: { kind: 'unsupported' }, itemBytes: 0 };
  const [, order, code, digits] = match;
  const bigEndian = order === '>';
  const size = Number(digits);
  const number = (type: NumberType): ElementFacts => ({
    dtype: type,
    element: { kind: 'number', type, bigEndian },
    itemBytes: size || 1,
  });
  const unsupported = (dtype: string): ElementFacts => ({
    dtype,
    element: { kind: 'unsupported' },
    itemBytes: size,
  });
  switch (code) {
    case '?':
    case 'b':
      return number('bool');
    case 'i':
      return [1, 2, 4, 8].includes(size) ? number(`int${8 * size}` as NumberType) : unsupported(descr);
    case 'u':
      return [1, 2, 4, 8].includes(size) ? number(`uint${8 * size}` as NumberType) : unsupported(descr);
    case 'f':
      return [2, 4, 8].includes(size)
        ? number(`float${8 * size}` as NumberType)
        : unsupported(`float${8 * size}`);
    case 'c':
      return unsupported(`complex${8 * size}`);
    case 'U':
      return { dtype: 'text', element: { kind: 'unicode', length: size, bigEndian }, itemBytes: 4 * size };
    case 'S':
    case 'a':
      return { dtype: 'text', element: { kind: 'bytes', length: size }, itemBytes: size };
    case 'O':
      return unsupported('object');
    case 'M':
      return unsupported('datetime64');
    case 'm':
      return unsupported('timedelta64');
    case 'V':
      return unsupported('void');
    default:
      return unsupported(descr);
  }
}
