/** segmentSum in its plainest form, against which every faster one is tested. */
import { type NdArray, real } from '../../tensor/array.ts';

/** y[s, ...] = sum of x[i, ...] over segments[i] = s (a negative one counts nowhere): x `[m, ...rest]`, segments `[m]`, y `[count, ...rest]`. */
export function segmentSumReference(x: NdArray, segments: NdArray, count: number): NdArray {
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, n) => product * n, 1);
  const y = real([count, ...rest], new Float64Array(count * width));
  segments.data.forEach((segment, i) => {
    if (segment < 0) return;
    for (let k = 0; k < width; k++) y.data[segment * width + k]! += x.data[i * width + k]!;
  });
  return y;
}
