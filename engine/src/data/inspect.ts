/** What a data file holds, from its headers: for completion, hints and messages. Reads no values. */
import { isReal } from '../tensor/array.ts';
import { type ArrayFile, isText } from './array-file.ts';
import type { ByteSource } from './bytes.ts';
import { openCsv } from './csv.ts';
import { formatOf, isPictureFolder, openFrames, openNonEmpty, stem } from './formats.ts';
import type { FrameFile } from './frames.ts';
import { openHdf5 } from './hdf5.ts';
import { openPictureFolder } from './images/folder.ts';
import { type Budget, openBudget } from './limits.ts';
import { openNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { openParquet } from './parquet.ts';
import { openSafetensors } from './safetensors.ts';

/** One array, column or property of a file. */
export interface FileArray {
  /** The name that a field binds to. */
  readonly name: string;
  /** numpy's name of the element type, or "text". */
  readonly dtype: string;
  /** null where only reading the whole file would tell: rows of a long table, atoms that differ between frames. */
  readonly shape: readonly (number | null)[];
}

/** Tables and structures are looked into this far. */
const textWindow = 2 ** 20;

/**
 * Names, element types and shapes. For files of structures they are those of the first frame, behind an axis of frames.
 * Throws a Fault for a file that cannot be opened, is empty, or is not in the format of its extension.
 */
export async function inspectDataFile(path: string): Promise<FileArray[]> {
  const budget = openBudget();
  if (isPictureFolder(path)) return listed(await openPictureFolder(path, budget));
  const bytes = openNonEmpty(path);
  try {
    const format = formatOf(path);
    switch (format) {
      case 'npy':
        return listed(await openNpy(bytes, budget, stem(path)));
      case 'npz':
        return listed(await openNpz(bytes, budget));
      case 'safetensors':
        return listed(openSafetensors(bytes, budget));
      case 'csv':
        return inspectCsv(bytes, budget);
      case 'hdf5':
        return listed(await openHdf5(bytes, budget));
      case 'parquet':
        return listed(await openParquet(bytes, budget));
      default:
        // How many samples a list of contacts makes is said by the specification.
        return inspectFrames(
          openFrames(format, bytes, budget),
          bytes.size <= textWindow && format !== 'contacts',
        );
    }
  } finally {
    bytes.close();
  }
}

function listed({ arrays }: ArrayFile): FileArray[] {
  return arrays.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
}

function inspectCsv(bytes: ByteSource, budget: Budget): FileArray[] {
  const whole = bytes.size <= textWindow;
  const arrays = listed(openCsv(bytes, budget, Math.min(bytes.size, textWindow)));
  return whole ? arrays : arrays.map((array) => ({ ...array, shape: [null] }));
}

/** From the first frame, or all where `whole`: only those tell whether an axis is equally long in each. */
function inspectFrames(file: FrameFile, whole: boolean): FileArray[] {
  const first = file.next();
  if (!first) return [];
  let frames: number | null = null;
  const ragged = new Set(whole ? [] : first.varying);
  if (whole) {
    frames = 1;
    for (let frame = file.next(); frame; frame = file.next()) {
      frames++;
      for (const name of first.varying) {
        if (frame.values.get(name)?.shape[0] !== first.values.get(name)!.shape[0]) ragged.add(name);
      }
    }
  }
  const arrays = [...first.values].map(([name, value]) => ({
    name,
    dtype: isText(value) ? 'text' : isReal(value) ? 'float64' : 'int32',
    shape: [frames, ...(ragged.has(name) ? [null, ...value.shape.slice(1)] : value.shape)],
  }));
  // Atomic numbers follow from the symbols, so they can be bound to without being there.
  const species = arrays.find(({ name, dtype }) => name === 'species' && dtype === 'text');
  const numbered = arrays.some(({ name }) => name === 'numbers' || name === 'Z');
  return species && !numbered
    ? [...arrays, { name: 'numbers', dtype: 'int32', shape: species.shape }]
    : arrays;
}
