/** The formats that Noether reads, by the extension of the file. */
import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Fault } from '../fault.ts';
import type { ArrayFile } from './array-file.ts';
import { type ByteSource, openBytes } from './bytes.ts';
import { openCsv } from './csv.ts';
import type { ContactWindows } from './dataset.ts';
import type { FrameFile } from './frames.ts';
import { openHdf5 } from './hdf5.ts';
import { openPictureFolder } from './images/folder.ts';
import type { Budget } from './limits.ts';
import { openNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { openParquet } from './parquet.ts';
import { openSafetensors } from './safetensors.ts';
import { openAse } from './structures/ase.ts';
import { openContacts } from './structures/contacts.ts';
import { openEdgeList } from './structures/edge-list.ts';
import { openMmcif } from './structures/mmcif.ts';
import { openPdb } from './structures/pdb.ts';
import { openSdf } from './structures/sdf.ts';
import { openXyz } from './xyz.ts';

export type FormatName =
  | 'npy'
  | 'npz'
  | 'safetensors'
  | 'xyz'
  | 'csv'
  | 'pdb'
  | 'mmcif'
  | 'sdf'
  | 'edges'
  | 'contacts'
  | 'hdf5'
  | 'parquet'
  | 'ase';

/** Formats whose samples are structures, each with its own number of atoms. */
export type FrameFormat = Extract<FormatName, 'xyz' | 'pdb' | 'mmcif' | 'sdf' | 'edges' | 'contacts' | 'ase'>;

export interface DataFormat {
  readonly name: FormatName;
  /** With the dot, lower case. */
  readonly extensions: readonly string[];
  /** One line for documentation and completion. */
  readonly doc: string;
}

export const dataFormats: readonly DataFormat[] = [
  {
    name: 'npz',
    extensions: ['.npz'],
    doc: 'numpy archive of named arrays (numpy.savez, numpy.savez_compressed)',
  },
  { name: 'npy', extensions: ['.npy'], doc: 'one numpy array (numpy.save)' },
  { name: 'safetensors', extensions: ['.safetensors'], doc: 'named tensors in the safetensors format' },
  {
    name: 'xyz',
    extensions: ['.extxyz', '.xyz'],
    doc: 'atomic structures in XYZ or extended XYZ, one sample a frame',
  },
  { name: 'csv', extensions: ['.csv', '.tsv'], doc: 'table with a header line, one sample a row' },
  {
    name: 'pdb',
    extensions: ['.pdb', '.ent'],
    doc: 'macromolecules of the Protein Data Bank, one sample a MODEL',
  },
  { name: 'mmcif', extensions: ['.cif', '.mmcif'], doc: 'macromolecules as mmCIF, one sample a model' },
  {
    name: 'sdf',
    extensions: ['.sdf', '.mol'],
    doc: 'molecules with bonds and data items (V2000, V3000), one sample a molecule',
  },
  {
    name: 'edges',
    extensions: ['.edgelist', '.edges'],
    doc: 'a graph as a list of edges, with weights and times; one sample',
  },
  {
    name: 'contacts',
    extensions: ['.contacts', '.tij'],
    doc: 'contacts as lines "time i j", cut into graphs of equal duration; one sample a window of graphs',
  },
  {
    name: 'hdf5',
    extensions: ['.h5', '.hdf5'],
    doc: 'datasets of an HDF5 file, named by their path: "group/name"',
  },
  {
    name: 'parquet',
    extensions: ['.parquet'],
    doc: 'table of columns, one sample a row; lists of one length are arrays',
  },
  {
    name: 'ase',
    extensions: ['.db'],
    doc: "the Atomic Simulation Environment's SQLite database, one sample a row",
  },
];

/** The format of a path. Throws `data/unknown-format`. */
export function formatOf(path: string): FormatName {
  const extension = extname(path).toLowerCase();
  const format = dataFormats.find(({ extensions }) => extensions.includes(extension));
  if (format) return format.name;
  const known = dataFormats.flatMap(({ extensions }) => extensions).join(', ');
  throw new Fault({
    code: 'data/unknown-format',
    message: `${basename(path)} has ${extension ? `the extension ${extension}` : 'no extension'}; Noether does not read such files as data`,
    expected: known,
    found: extension || 'no extension',
    place: { file: path },
    advice: `Convert it to one of ${known}; numpy.savez_compressed writes .npz from any arrays in Python.`,
  });
}

/** Whether the path is a folder, which is one of pictures; with the ending of a file it is a mistake. */
export function isPictureFolder(path: string): boolean {
  const extension = extname(path).toLowerCase();
  if (dataFormats.some(({ extensions }) => extensions.includes(extension))) return false;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Opens a path for binding: headers are read, values are not (tables excepted). A folder is one of pictures.
 * Throws a Fault for a file that cannot be opened, is empty, or is not in the format of its extension.
 */
export async function openDataFile(
  path: string,
  budget: Budget,
  windows?: ContactWindows,
): Promise<ArrayFile | FrameFile> {
  if (isPictureFolder(path)) return openPictureFolder(path, budget);
  const bytes = openNonEmpty(path);
  try {
    return await openAs(formatOf(path), bytes, budget, windows);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** Opens a file of a known format and refuses one of zero bytes. */
export function openNonEmpty(path: string): ByteSource {
  const bytes = openBytes(path);
  try {
    formatOf(path);
    if (bytes.size > 0) return bytes;
    throw new Fault({
      code: 'data/empty',
      message: `${basename(path)} is empty: it has no bytes`,
      place: { file: path },
      advice: 'Write the file again.',
    });
  } catch (error) {
    bytes.close();
    throw error;
  }
}

async function openAs(
  format: FormatName,
  bytes: ByteSource,
  budget: Budget,
  windows: ContactWindows | undefined,
): Promise<ArrayFile | FrameFile> {
  switch (format) {
    case 'npy':
      return openNpy(bytes, budget, stem(bytes.file!));
    case 'npz':
      return openNpz(bytes, budget);
    case 'safetensors':
      return openSafetensors(bytes, budget);
    case 'csv':
      return openCsv(bytes, budget);
    case 'hdf5':
      return openHdf5(bytes, budget);
    case 'parquet':
      return openParquet(bytes, budget);
    default:
      return openFrames(format, bytes, budget, windows);
  }
}

/** Opens a file of structures. Contacts without `windows` give one sample that shows what there is. */
export function openFrames(
  format: FrameFormat,
  bytes: ByteSource,
  budget: Budget,
  windows?: ContactWindows,
): FrameFile {
  switch (format) {
    case 'xyz':
      return openXyz(bytes, budget);
    case 'pdb':
      return openPdb(bytes, budget);
    case 'mmcif':
      return openMmcif(bytes, budget);
    case 'sdf':
      return openSdf(bytes, budget);
    case 'edges':
      return openEdgeList(bytes, budget);
    case 'contacts':
      return openContacts(bytes, budget, windows);
    case 'ase':
      return openAse(bytes, budget);
  }
}

/** "positions" of "/data/positions.npy": the name of the one array in a .npy file. */
export function stem(path: string): string {
  return basename(path, extname(path));
}
