/** What a data file holds, from its headers: for completion, hints and messages. Reads no values. */
import { isReal } from '../tensor/array.ts';
import { type ArrayFile, isText } from './array-file.ts';
import type { ByteSource } from './bytes.ts';
import { openCsv } from './csv.ts';
import { formatOf, openNonEmpty, stem } from './formats.ts';
import { type Budget, openBudget } from './limits.ts';
import { openNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { openSafetensors } from './safetensors.ts';
import { openXyz } from './xyz.ts';

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
 * Names, element types and shapes. For extended XYZ they are those of the first frame, behind an axis of frames.
 * Throws a Fault for a file that cannot be opened, is empty, or is not in the format of its extension.
 */
export async function inspectDataFile(path: string): Promise<FileArray[]> {
  const bytes = openNonEmpty(path);
  const budget = openBudget();
  try {
    switch (formatOf(path)) {
      case 'npy':
        return listed(await openNpy(bytes, budget, stem(path)));
      case 'npz':
        return listed(await openNpz(bytes, budget));
      case 'safetensors':
        return listed(openSafetensors(bytes, budget));
      case 'csv':
        return inspectCsv(bytes, budget);
      case 'xyz':
        return inspectXyz(bytes, budget);
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

function inspectXyz(bytes: ByteSource, budget: Budget): FileArray[] {
  const file = openXyz(bytes, budget);
  const first = file.next();
  if (!first) return [];
  let frames: number | null = null;
  let atoms: number | null = null;
  if (bytes.size <= textWindow) {
    frames = 1;
    atoms = first.atoms;
    for (let frame = file.next(); frame; frame = file.next()) {
      frames++;
      if (frame.atoms !== first.atoms) atoms = null;
    }
  }
  const arrays = [...first.values].map(([name, value]) => ({
    name,
    dtype: isText(value) ? 'text' : isReal(value) ? 'float64' : 'int32',
    shape: [frames, ...(first.perAtom.has(name) ? [atoms, ...value.shape.slice(1)] : value.shape)],
  }));
  // Atomic numbers follow from the symbols, so they can be bound to without being there.
  const species = arrays.find(({ name, dtype }) => name === 'species' && dtype === 'text');
  const numbered = arrays.some(({ name }) => name === 'numbers' || name === 'Z');
  return species && !numbered
    ? [...arrays, { name: 'numbers', dtype: 'int32', shape: species.shape }]
    : arrays;
}
