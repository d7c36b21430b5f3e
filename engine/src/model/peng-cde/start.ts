/** What is known of the nodes at the first time, where the data has only graphs. Both forms commute with relabelling. */

export type DerivedStart = 'degree' | 'ones';

/** Numbers at each node. */
export const startChannels: Readonly<Record<DerivedStart, number>> = { degree: 2, ones: 1 };

/**
 * `degree`: the shares of all nodes that a node hears (entries of its row that are not 0) and is heard by (of its column),
 * in [0, 1], so that they mean the same on graphs of any size and any unit of the weights. `ones`: 1.
 * @param matrix [nodes, nodes], the first graph as it was observed, before the operator
 * @returns [nodes, 2] or [nodes, 1]
 */
export function startOf(start: DerivedStart, matrix: ArrayLike<number>, nodes: number): Float64Array {
  if (start === 'ones') return new Float64Array(nodes).fill(1);
  const shares = new Float64Array(2 * nodes);
  for (let i = 0; i < nodes; i++) {
    for (let j = 0; j < nodes; j++) {
      if (matrix[i * nodes + j] === 0) continue;
      shares[2 * i]! += 1 / nodes;
      shares[2 * j + 1]! += 1 / nodes;
    }
  }
  return shares;
}
