/** One picture from the bytes of a PNG or JPEG file, as numbers from 0 to 1. */
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import type { Place } from '../../fault.ts';
import { corrupt } from '../bytes.ts';
import type { Budget } from '../limits.ts';
import { type PictureSize, pictureSize } from './header.ts';

export interface Picture extends PictureSize {
  /** [height, width, channels], row by row from the top; 0 is black, 1 full. */
  readonly data: Float64Array;
}

/** Files by their endings, lower case. */
export const pictureExtensions = ['.png', '.jpg', '.jpeg'] as const;

/** @throws Fault `data/corrupt` for bytes that are no picture, `data/too-large` before anything is unpacked */
export function decodePicture(bytes: Uint8Array, budget: Budget, place: Place): Picture {
  const size = pictureSize(bytes, place);
  const count = size.width * size.height * size.channels;
  // The numbers, and what the decoder makes on its way.
  budget.reserve(8 * count, place);
  const unpacking = 12 * size.width * size.height;
  budget.reserve(unpacking, place);
  try {
    const { values, most } = size.kind === 'png' ? fromPng(bytes) : fromJpeg(bytes, size);
    if (values.length !== count) throw new Error(`${values.length} numbers in place of ${count}`);
    return { ...size, data: Float64Array.from(values, (value) => value / most) };
  } catch (error) {
    const reason = String((error as Error)?.message ?? error).split('\n', 1)[0];
    throw corrupt(place, `This picture cannot be read: ${reason}`);
  } finally {
    budget.release(unpacking);
  }
}

function fromPng(bytes: Uint8Array): { values: ArrayLike<number>; most: number } {
  const picture = decodePng(bytes, { checkCrc: true });
  if (picture.palette) return { values: convertIndexedToRgb(picture), most: 255 };
  const { depth, data, width, height, channels } = picture;
  if (depth >= 8) return { values: data, most: 2 ** depth - 1 };
  // Several pixels share a byte, and each row begins a new one.
  const perRow = Math.ceil((width * channels * depth) / 8);
  const values = new Uint8Array(width * height * channels);
  for (let i = 0; i < values.length; i++) {
    const bit = (i % (width * channels)) * depth;
    const byte = data[Math.floor(i / (width * channels)) * perRow + (bit >> 3)]!;
    values[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return { values, most: 2 ** depth - 1 };
}

function fromJpeg(bytes: Uint8Array, { width, height, channels }: PictureSize) {
  const megapixels = (width * height) / 1e6 + 1;
  const { data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: megapixels,
    maxMemoryUsageInMB: 64 + 64 * megapixels,
  });
  if (channels === 3) return { values: data, most: 255 };
  // The decoder writes grey three times.
  return { values: Uint8Array.from({ length: width * height }, (_, i) => data[3 * i]!), most: 255 };
}
