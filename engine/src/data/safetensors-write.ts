/** Writes safetensors files, whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../fault.ts';
import { isReal, type NdArray, sizeOf } from '../tensor/array.ts';
import { fileFault } from './bytes.ts';

export interface SafetensorsOptions {
  /** How reals are stored. F64 keeps every bit; F32 rounds to nearest. Integers are always I32. */
  readonly real?: 'F32' | 'F64';
}

type Tensors = ReadonlyMap<string, NdArray> | Readonly<Record<string, NdArray>>;

/**
 * Writes `tensors` to `path`, replacing what is there only once the new file is complete: it is written beside its
 * place under another name, flushed to disk, and renamed.
 * Throws `data/not-written` where the folder cannot be written to.
 */
export function writeSafetensors(
  path: string,
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
  options: SafetensorsOptions = {},
): void {
  const bytes = encodeSafetensors(tensors, metadata, options);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${Date.now().toString(36)}.part`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'wx');
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, path);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(temporary, { force: true });
    const { message } = fileFault(error, dirname(path)).finding;
    throw new Fault({
      code: 'data/not-written',
      message: `${path} could not be written: ${message}`,
      place: { file: path },
      advice: 'Choose a folder that exists, may be written to, and has room.',
    });
  }
}

/** The bytes of a safetensors file. Tensors are laid out in the order of their names; the same input gives the same bytes. */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
  { real = 'F64' }: SafetensorsOptions = {},
): Uint8Array {
  const entries = [
    ...(tensors instanceof Map ? tensors : Object.entries(tensors as Record<string, NdArray>)),
  ];
  // Widest elements first: every tensor then starts at a multiple of its element's size, which readers can map directly.
  const widthOf = (array: NdArray) => (isReal(array) && real === 'F64' ? 8 : 4);
  entries.sort(([a, x], [b, y]) => widthOf(y) - widthOf(x) || (a < b ? -1 : a > b ? 1 : 0));
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length) header.push(['__metadata__', metadata]);
  let offset = 0;
  for (const [name, array] of entries) {
    const end = offset + sizeOf(array.shape) * widthOf(array);
    const dtype = isReal(array) ? real : 'I32';
    header.push([name, { dtype, shape: array.shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(text, 8);
  let position = 8 + padded;
  for (const [, array] of entries) {
    for (const value of array.data) {
      if (!isReal(array)) view.setInt32(position, value, true);
      else if (real === 'F32') view.setFloat32(position, value, true);
      else view.setFloat64(position, value, true);
      position += widthOf(array);
    }
  }
  return bytes;
}
