/** Which clouds go through the network together. */

/**
 * Indices of inputs of one size, so many at a time: clouds of one size are computed by plain matrix products.
 * @param most how many clouds of a size may go together, at least 1
 */
export function groupsBySize(sizes: readonly number[], most: (size: number) => number): number[][] {
  const bySize = new Map<number, number[]>();
  sizes.forEach((size, index) => {
    const group = bySize.get(size);
    if (group) group.push(index);
    else bySize.set(size, [index]);
  });
  return [...bySize].flatMap(([size, indices]) => {
    const count = most(size);
    return Array.from({ length: Math.ceil(indices.length / count) }, (_, i) =>
      indices.slice(i * count, (i + 1) * count),
    );
  });
}
