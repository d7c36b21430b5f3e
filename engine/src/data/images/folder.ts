/**
 * A folder of pictures as arrays: `image` [picture, height, width, channels] from 0 to 1, `label` (the sub-folder that a
 * picture lies in), `file` (its path in the folder), and the columns of `labels.csv` where there is one.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { Fault } from '../../fault.ts';
import { type NdArray, real, type TextArray } from '../../tensor/array.ts';
import {
  type ArrayFile,
  distinct,
  isText,
  type Rows,
  type StoredArray,
  vocabularyOf,
} from '../array-file.ts';
import { fileFault } from '../bytes.ts';
import { readCsv } from '../csv.ts';
import type { Budget } from '../limits.ts';
import { decodePicture, pictureExtensions } from './decode.ts';
import { type PictureSize, pictureSize } from './header.ts';

/** The table beside the pictures: a row for each, in a column `file` its path. */
export const labelsFile = 'labels.csv';

/** Bytes that hold a header; metadata in front of a JPEG frame may be longer than one segment. */
const headerBytes = 2 ** 18;

/** Absolute paths of what a folder of pictures is made of, in a fixed order: the pictures, and `labels.csv`. */
export function picturesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .filter(
        ({ name, parentPath }) =>
          (pictureExtensions as readonly string[]).includes(extname(name).toLowerCase()) ||
          (name === labelsFile && parentPath === folder),
      )
      .map(({ name, parentPath }) => join(parentPath, name))
      .sort();
  } catch (error) {
    throw fileFault(error, folder);
  }
}

/** @throws Fault `data/no-pictures`, `data/labels-mismatch`, and what reading a header or the table throws */
export async function openPictureFolder(folder: string, budget: Budget): Promise<ArrayFile> {
  const found = picturesIn(folder).filter((file) => basename(file) !== labelsFile);
  const table = tableOf(folder);
  const named = (file: string) => file.slice(folder.replace(/\/+$/, '').length + 1).replaceAll('\\', '/');
  const files = table ? table.files.map((name) => fileNamed(name, found, named, folder)) : found;
  if (files.length === 0) throw noPictures(folder);
  const first = headerOf(files[0]!);
  const shape = [files.length, first.height, first.width, first.channels];
  const labels = files.map((file) => named(file).split('/').slice(0, -1).join('/'));
  const texts = new Map<string, TextArray>([['file', { shape: [files.length], text: files.map(named) }]]);
  if (labels.every((label) => label !== '')) texts.set('label', { shape: [files.length], text: labels });
  const columns = new Map<string, NdArray | TextArray>([...texts, ...(table?.columns ?? [])]);
  const stored = new Map<string, StoredArray>([['image', { name: 'image', dtype: 'float64', shape }]]);
  for (const [name, array] of columns) {
    const dtype = isText(array) ? 'text' : array.data instanceof Float64Array ? 'float64' : 'int32';
    stored.set(name, { name, dtype, shape: array.shape });
  }

  return {
    kind: 'arrays',
    arrays: [...stored.values()],
    find: (name) => stored.get(name),
    async read({ name }, rows = { start: 0, count: files.length }) {
      const array = columns.get(name);
      if (array) return rowsOf(array, rows);
      const wanted = files.slice(rows.start, rows.start + rows.count);
      budget.reserve(8 * wanted.length * first.height * first.width * first.channels, { file: folder });
      const data = new Float64Array(wanted.length * first.height * first.width * first.channels);
      for (const [i, file] of wanted.entries()) {
        const picture = decodePicture(bytesOf(file), budget, { file });
        if (!sameSize(picture, first)) throw otherSize(picture, first, file, files[0]!);
        data.set(picture.data, i * picture.data.length);
        budget.release(8 * picture.data.length);
      }
      return real([wanted.length, ...shape.slice(1)], data);
    },
    vocabulary: async ({ name }) => {
      const array = columns.get(name);
      return array ? vocabularyOf(array) : [];
    },
    close() {},
  };
}

/** The table beside the pictures. @throws Fault as `readCsv` does; `data/labels-mismatch` without a column `file` */
function tableOf(folder: string) {
  const path = join(folder, labelsFile);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const columns = readCsv(path);
  const names = columns.get('file');
  if (!names || !isText(names)) {
    throw new Fault({
      code: 'data/labels-mismatch',
      message: `${labelsFile} has no column \`file\` that names the pictures`,
      expected: 'a column `file` with paths inside the folder',
      found: [...columns.keys()].join(', '),
      place: { file: path },
      advice: 'Add the column; the others become arrays beside `image`.',
    });
  }
  columns.delete('file');
  return { files: names.text, columns };
}

function fileNamed(
  name: string,
  found: readonly string[],
  named: (file: string) => string,
  folder: string,
): string {
  const file = found.find((each) => named(each) === name);
  if (file) return file;
  throw new Fault({
    code: 'data/labels-mismatch',
    message: `${labelsFile} names \`${name}\`, which is no picture in the folder`,
    expected: found.slice(0, 3).map(named).join(', ') || 'a .png or .jpg file',
    found: name,
    place: { file: join(folder, labelsFile), member: 'file' },
    advice: 'Paths are relative to the folder, with forward slashes.',
  });
}

function rowsOf(array: NdArray | TextArray, { start, count }: Rows): NdArray | TextArray {
  const shape = [Math.max(0, Math.min(count, array.shape[0]! - start))];
  return isText(array)
    ? { shape, text: array.text.slice(start, start + count) }
    : { shape, data: array.data.slice(start, start + count) };
}

function headerOf(file: string): PictureSize {
  return pictureSize(bytesOf(file).subarray(0, headerBytes), { file });
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileFault(error, file);
  }
}

function sameSize(a: PictureSize, b: PictureSize): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}

function otherSize(found: PictureSize, expected: PictureSize, file: string, first: string): Fault {
  const text = ({ height, width, channels }: PictureSize) => `[${height}, ${width}, ${channels}]`;
  return new Fault({
    code: 'data/picture-size',
    message: `This picture is ${text(found)}; the first one, ${basename(first)}, is ${text(expected)}`,
    expected: `${text(expected)}: rows, columns, channels`,
    found: text(found),
    place: { file },
    advice: 'Pictures of one folder have one size and one number of channels: scale and convert them first.',
  });
}

function noPictures(folder: string): Fault {
  return new Fault({
    code: 'data/no-pictures',
    message: `There are no pictures in ${basename(folder)}`,
    expected: `files that end in ${pictureExtensions.join(', ')}`,
    found:
      distinct(readdirSync(folder).map((name) => extname(name) || name))
        .slice(0, 6)
        .join(', ') || 'an empty folder',
    place: { file: folder },
    advice: 'Name the folder that the pictures, or the sub-folders of their classes, lie in.',
  });
}
