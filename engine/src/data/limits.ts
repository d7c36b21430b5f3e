/** Memory accounting: what a reader is about to allocate is asked for first, from sizes that headers state. */
import { Fault, type Place } from '../fault.ts';
import type { DataLimits } from './dataset.ts';

/** Limits where the caller states none: 2 GiB. */
export const defaultDataLimits: DataLimits = { maxBytes: 2 ** 31 };

/** A running account of bytes against `limits.maxBytes`. */
export interface Budget {
  /** Books `bytes` before they are allocated. Throws `data/too-large` where the account would be exceeded. */
  reserve(bytes: number, place: Place): void;
  /** Gives back what a temporary buffer had booked. */
  release(bytes: number): void;
}

/** Opens an account. */
export function openBudget(limits: DataLimits = defaultDataLimits): Budget {
  let used = 0;
  return {
    reserve(bytes, place) {
      if (!(used + bytes <= limits.maxBytes)) {
        const what = place.member === undefined ? 'the data' : `"${place.member}"`;
        throw new Fault({
          code: 'data/too-large',
          message: `Reading ${what} would take ${bytesText(used + bytes)} of memory; the limit is ${bytesText(limits.maxBytes)}`,
          expected: `at most ${bytesText(limits.maxBytes)}`,
          found: bytesText(used + bytes),
          place,
          advice:
            'Use fewer samples (samples: …), a smaller file, or raise the limit on data in the settings.',
        });
      }
      used += bytes;
    },
    release(bytes) {
      used -= bytes;
    },
  };
}

/** "10 GiB", "3.5 MiB", "12 bytes". */
export function bytesText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  if (bytes < 1024) return `${bytes} bytes`;
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
