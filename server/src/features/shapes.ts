/** Sample counts and sizes of index sets, from the shapes of arrays and the declared types. */
import type { DataField } from '@noether/engine/catalog';
import type { ArrayFacts } from './vocabulary.ts';

export interface DataShape {
  /** Samples in the file; `undefined` where its header does not tell. */
  readonly available: number | undefined;
  /** Size of each named index set; `undefined` where arrays disagree or the header does not tell. */
  readonly sizes: Readonly<Record<string, number | undefined>>;
}

/**
 * Reads the leading axis of each declared field's array as its samples, and the next ones as its declared axes.
 * `undefined` when no array of a field is in the file.
 */
export function dataShape(
  fields: readonly DataField[],
  arrays: readonly ArrayFacts[],
): DataShape | undefined {
  let found = false;
  let available: number | undefined;
  const sizes = new Map<string, number | undefined>();
  for (const { name, source, type } of fields) {
    const array = arrays.find((each) => each.name === (source ?? name));
    if (!array || array.shape.length < 1 + type.axes.length) continue;
    found = true;
    const samples = array.shape[0] ?? undefined;
    if (samples !== undefined) available = Math.min(available ?? samples, samples);
    type.axes.forEach((axis, i) => {
      if (!('index' in axis)) return;
      const size = array.shape[i + 1] ?? undefined;
      const known = sizes.get(axis.index);
      sizes.set(axis.index, sizes.has(axis.index) && known !== size ? undefined : size);
    });
  }
  return !found ? undefined : { available, sizes: Object.fromEntries(sizes) };
}
