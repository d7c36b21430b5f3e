/** Whether samples that went through a model together came out as they do alone. */
import type { Values } from '../tensor/array.ts';

/**
 * Equal up to `tolerance`, relative to the first. Where a leading axis is no batch axis, or something in the model mixes
 * samples, the results of one sample change with those beside it, and would pass for a broken symmetry.
 */
export function alike(a: Values, b: Values, tolerance: number): boolean {
  return Object.entries(a).every(([name, { data }]) => {
    const other = b[name]!.data;
    let difference = 0;
    let size = 0;
    for (const [i, value] of data.entries()) {
      difference += (value - other[i]!) ** 2;
      size += value ** 2;
    }
    // A NaN is the verifier's to report.
    return !(difference > tolerance ** 2 * size);
  });
}
