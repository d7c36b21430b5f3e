/** gatherRows in its plainest form, against which every faster one is tested. */
import { integer, isReal, type NdArray, real } from '../../tensor/array.ts';

/** y[i, ...] = x[indices[i], ...]: x `[n, ...rest]`, indices `[m]`, y `[m, ...rest]`. */
export function gatherRowsReference(x: NdArray, indices: NdArray): NdArray {
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, n) => product * n, 1);
  const values: number[] = [];
  for (const index of indices.data) {
    for (let k = 0; k < width; k++) values.push(x.data[index * width + k]!);
  }
  return (isReal(x) ? real : integer)([...indices.shape, ...rest], values);
}
