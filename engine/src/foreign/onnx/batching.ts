/** Which samples go through a graph together: those of equal sizes, up to a bound on memory. */
import { sizeOf, type Values } from '../../tensor/array.ts';
import type { Matching } from './match.ts';

/**
 * What one run may take, by the estimate of {@link bytesOfOne}. A small graph runs many samples at once, so that the cost
 * of a call vanishes; a large one gains nothing from it (measured: 1 to 32 clouds of 128 points take the same time each),
 * and the memory of a WebAssembly module grows and never shrinks.
 */
export const runBytes = 16 * 2 ** 20;

/**
 * Places in `batch` whose samples run together. The split depends on shapes alone, never on time, so that results are
 * the same on every run.
 * @param widest the widest feature axis among the weights.
 * @param together false: one sample for each run, even where the graph has a batch axis.
 */
export function groupsOf(
  batch: readonly Values[],
  matching: Matching,
  precision: 'float32' | 'float64',
  widest: number,
  together: boolean,
): number[][] {
  const bySizes = new Map<string, number[]>();
  for (const [place, sample] of batch.entries()) {
    const key = matching.inputs.map(({ field }) => sample[field.name]!.shape.join('x')).join(';');
    const places = bySizes.get(key);
    if (places) places.push(place);
    else bySizes.set(key, [place]);
  }
  const groups: number[][] = [];
  for (const places of bySizes.values()) {
    const bytes = bytesOfOne(batch[places[0]!]!, matching, widest) * (precision === 'float64' ? 2 : 1);
    const limit = matching.batch === 'any' ? Math.max(1, Math.floor(runBytes / bytes)) : matching.batch;
    const most = together ? limit : 1;
    for (let first = 0; first < places.length; first += most) groups.push(places.slice(first, first + most));
  }
  return groups;
}

/**
 * Bytes that a sample takes inside a graph in float32, estimated: features of the widest kind on all pairs of the longest
 * index set, which is the largest thing that a message-passing or attention layer makes, three of them at a time.
 */
function bytesOfOne(sample: Values, { inputs }: Matching, widest: number): number {
  let longest = 1;
  let entries = 0;
  for (const { field } of inputs) {
    const { shape } = sample[field.name]!;
    entries += sizeOf(shape);
    for (const [axis] of field.type.axes.entries()) longest = Math.max(longest, shape[axis]!);
  }
  return 4 * (entries + 3 * longest * longest * widest);
}
