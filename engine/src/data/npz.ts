/** numpy's .npz archives: a zip of .npy files. */
import { Fault } from '../fault.ts';
import { type NdArray, sizeOf, type TextArray } from '../tensor/array.ts';
import { type ArrayFile, type Rows, type StoredArray, vocabularyOf } from './array-file.ts';
import { type ByteSource, corrupt, openBytes } from './bytes.ts';
import type { DataLimits } from './dataset.ts';
import { type Budget, openBudget } from './limits.ts';
import { fetchNpyHeader, readNpyValues } from './npy.ts';
import type { NpyHeader } from './npy-header.ts';
import { openZip, type ZipEntry } from './zip.ts';

/**
 * Reads all arrays of an archive, from a path or from bytes in memory.
 * Throws a Fault: `data/wrong-magic`, `data/truncated`, `data/corrupt`, `data/unsupported-dtype`, `data/too-large`,
 * `data/integer-overflow`, or that the file cannot be opened.
 */
export async function readNpz(
  source: string | Uint8Array,
  limits?: DataLimits,
): Promise<Map<string, NdArray | TextArray>> {
  const bytes = openBytes(source);
  try {
    const file = await openNpz(bytes, openBudget(limits));
    const arrays = new Map<string, NdArray | TextArray>();
    for (const array of file.arrays) arrays.set(array.name, await file.read(array));
    return arrays;
  } finally {
    bytes.close();
  }
}

/** Opens an archive: reads its directory and the header of each array. */
export async function openNpz(bytes: ByteSource, budget: Budget): Promise<ArrayFile> {
  const stored = new Map<string, StoredArray & { header: NpyHeader; entry: ZipEntry }>();
  for (const entry of await openZip(bytes)) {
    // Other files may travel in an archive; numpy shows them as bytes, and no field can be bound to them.
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -4);
    const header = await fetchNpyHeader(entry.fetch, entry.size, { file: bytes.file, member: name });
    stored.set(name, { name, dtype: header.dtype, shape: header.shape, header, entry });
  }
  const read = ({ name }: StoredArray, rows?: Rows) => {
    const found = stored.get(name);
    if (!found) throw new Fault({ code: 'data/missing-array', message: `There is no array "${name}"` });
    const { header, entry } = found;
    const place = { file: bytes.file, member: name };
    const stated = header.dataOffset + sizeOf(header.shape) * header.itemBytes;
    // A longer entry would hide from the checksum, which is compared where an array is read to the entry's end.
    if (entry.size > stated && header.element.kind !== 'unsupported') {
      throw corrupt(place, `The archive gives "${name}" ${entry.size} bytes; its header describes ${stated}`);
    }
    return readNpyValues(header, entry.fetch, entry.size, rows, budget, place);
  };
  return {
    kind: 'arrays',
    arrays: [...stored.values()],
    find: (name) => stored.get(name),
    read,
    vocabulary: async (array) => vocabularyOf(await read(array)),
    close: () => bytes.close(),
  };
}
