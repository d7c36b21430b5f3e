/** Samples that go through a model together behind a batch axis. */
import { sizeOf, type Values } from '../../tensor/array.ts';

/** Samples in one call at the most, and numbers in them. */
const most = 64;
const mostNumbers = 2 ** 20;

/** Places of samples whose inputs have the same shapes, in groups of a size that shapes alone decide. */
export function groupsOfShapes(
  batch: readonly Values[],
  inputs: readonly string[],
  together: boolean,
): number[][] {
  const byShapes = new Map<string, number[]>();
  for (const [place, sample] of batch.entries()) {
    const key = inputs.map((name) => sample[name]!.shape.join('x')).join(';');
    byShapes.set(key, [...(byShapes.get(key) ?? []), place]);
  }
  return [...byShapes.values()].flatMap((places) => {
    const numbers = inputs.reduce((sum, name) => sum + sizeOf(batch[places[0]!]![name]!.shape), 0);
    const size = together ? Math.max(1, Math.min(most, Math.floor(mostNumbers / Math.max(1, numbers)))) : 1;
    return Array.from({ length: Math.ceil(places.length / size) }, (_, i) =>
      places.slice(i * size, (i + 1) * size),
    );
  });
}
