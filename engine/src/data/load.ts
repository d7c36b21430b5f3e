/** From a specification of data to samples in memory. */
import { basename } from 'node:path';
import { Fault } from '../fault.ts';
import type { DataLimits, DataSpec, Dataset } from './dataset.ts';
import { formatOf, isPictureFolder, openDataFile } from './formats.ts';
import { openBudget } from './limits.ts';
import { loadArrays } from './load-arrays.ts';
import { loadFrames } from './load-frames.ts';

/**
 * Loads the declared fields of the declared samples.
 *
 * - A field takes the array, column or property `source ?? name`. In extended XYZ `pos` and `positions`, `species` and
 *   `symbols`, `forces` and `force` are the same, and `numbers` (or `Z`) is made from the symbols where it is missing.
 * - Arrays have the declared axes, [point, 3], or one of samples before them, [sample, point, 3]. Arrays without that
 *   axis, such as the elements of one molecule beside many of its conformations, are part of every sample.
 * - Reals become float64. `category(k)` and `label` become int32; their text is coded by its position among the sorted
 *   distinct texts of the whole file. `constant` keeps integers as int32.
 * - A sample's id counts from 0 in the whole file, skipped samples included.
 *
 * Throws a Fault with a code `data/…` for everything that is wrong with the file or does not fit the declaration.
 */
export async function loadDataset(spec: DataSpec, limits: DataLimits): Promise<Dataset> {
  if (spec.fields.length === 0) {
    throw new Fault({
      code: 'data/no-fields',
      message: 'The data declares no fields',
      place: { file: spec.file },
      advice: 'Declare at least one field, such as positions: position[atom].',
    });
  }
  checkContactWindows(spec);
  const budget = openBudget(limits);
  const file = await openDataFile(spec.file, budget, spec.contacts);
  try {
    return file.kind === 'arrays' ? await loadArrays(spec, file, budget) : loadFrames(spec, file, budget);
  } finally {
    file.close();
  }
}

/** The options that cut contacts into samples belong to files of contacts, which cannot do without. */
function checkContactWindows({ file, contacts }: DataSpec): void {
  const isContacts = !isPictureFolder(file) && formatOf(file) === 'contacts';
  if (isContacts === (contacts !== undefined)) return;
  throw new Fault({
    code: 'data/snapshots',
    message: isContacts
      ? 'A list of contacts has no graphs yet: `snapshot` says how long each of them lasts'
      : '`snapshot` cuts a list of contacts into graphs, and this file is none',
    expected: isContacts ? 'snapshot: a duration in the unit of the times' : 'a file .contacts or .tij',
    found: isContacts ? 'no `snapshot`' : basename(file),
    place: { file },
    advice: isContacts
      ? 'Add `snapshot: 3600` for graphs of an hour where times are in seconds.'
      : 'Take out `snapshot`, or give a list of lines "time i j" the ending .contacts.',
  });
}
