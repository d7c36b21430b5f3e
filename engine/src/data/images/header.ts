/** What the first bytes of a PNG or JPEG file say about it. */
import { Fault, type Place } from '../../fault.ts';
import { corrupt } from '../bytes.ts';

export interface PictureSize {
  readonly kind: 'png' | 'jpeg';
  readonly height: number;
  readonly width: number;
  /** 1 grey, 2 grey and opacity, 3 colours, 4 colours and opacity. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** @throws Fault `data/wrong-magic` for other bytes, `data/corrupt` for a header that ends too early */
export function pictureSize(bytes: Uint8Array, place: Place): PictureSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = isPng(view) ? pngSize(view, place) : isJpeg(view) ? jpegSize(view, place) : undefined;
  if (found && found.width > 0 && found.height > 0) return found;
  if (found) throw corrupt(place, 'This picture has no pixels');
  throw new Fault({
    code: 'data/wrong-magic',
    message: 'This is no picture: it starts with the mark of neither a PNG nor a JPEG file',
    expected: 'the bytes \\x89PNG or \\xFF\\xD8',
    place,
    advice: 'Write it again as PNG, or give the file the ending of what it is.',
  });
}

function isPng(view: DataView): boolean {
  return view.byteLength >= 8 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a;
}

function isJpeg(view: DataView): boolean {
  return view.byteLength >= 3 && view.getUint16(0) === 0xffd8 && view.getUint8(2) === 0xff;
}

/** Channels by PNG's colour type; 3 is a palette of colours, with opacity where there is a tRNS block. */
const pngChannels: Readonly<Record<number, PictureSize['channels']>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

function pngSize(view: DataView, place: Place): PictureSize {
  if (view.byteLength < 33) throw corrupt(place, 'This PNG file ends in its header');
  const type = view.getUint8(25);
  const channels = pngChannels[type];
  if (!channels) throw corrupt(place, `This PNG file has the colour type ${type}, which does not exist`);
  const hasOpacity = type === 3 && hasTransparency(view);
  return {
    kind: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    channels: hasOpacity ? 4 : channels,
  };
}

function hasTransparency(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const name = view.getUint32(at + 4);
    if (name === 0x74524e53) return true;
    // IDAT: what says something about the colours stands before.
    if (name === 0x49444154) return false;
  }
  return false;
}

/** The first frame header among the segments: SOF0 to SOF15, without DHT, JPG and DAC. */
function jpegSize(view: DataView, place: Place): PictureSize {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) break;
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const parts = view.getUint8(at + 9);
      if (parts !== 1 && parts !== 3) {
        throw corrupt(
          place,
          `This JPEG file has ${parts} colour parts; grey (1) and colours (3) are read`,
          'Convert it to RGB.',
        );
      }
      return { kind: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7), channels: parts };
    }
    // Fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  throw corrupt(place, 'This JPEG file has no frame header');
}
