/** Random and regular graphs as adjacency matrices: symmetric, without loops. Pure; a seed gives the graph. */
import type { Random } from '../../../tensor/random.ts';

export const graphFamilies = ['grid', 'random', 'power_law', 'small_world', 'community'] as const;
export type GraphFamily = (typeof graphFamilies)[number];

/** @returns [n, n], 0 and 1 */
export function graphOf(family: GraphFamily, n: number, random: Random): Float64Array {
  const matrix = new Float64Array(n * n);
  const join = (i: number, j: number): void => {
    if (i === j) return;
    matrix[i * n + j] = 1;
    matrix[j * n + i] = 1;
  };
  builders[family](n, join, random);
  return matrix;
}

type Build = (n: number, join: (i: number, j: number) => void, random: Random) => void;

const builders: Readonly<Record<GraphFamily, Build>> = {
  /** As square as n allows; each cell with its eight neighbours. */
  grid(n, join) {
    const width = Math.ceil(Math.sqrt(n));
    for (let i = 0; i < n; i++) {
      const column = i % width;
      for (const [down, right] of [
        [0, 1],
        [1, -1],
        [1, 0],
        [1, 1],
      ] as const) {
        const j = i + down * width + right;
        if (column + right >= 0 && column + right < width && j < n) join(i, j);
      }
    }
  },
  /** Erdos & Renyi 1959 with p = 0.1. */
  random(n, join, random) {
    eachPair(n, (i, j) => random.uniform() < 0.1 && join(i, j));
  },
  /** Barabasi & Albert 1999: each newcomer joins 5 nodes, chosen by their degree. */
  power_law(n, join, random) {
    const links = Math.min(5, n - 1);
    // Every node once for each of its links: a uniform draw is a draw by degree.
    const ends: number[] = Array.from({ length: links }, (_, i) => i);
    for (let i = links; i < n; i++) {
      const chosen = new Set<number>();
      while (chosen.size < links) chosen.add(ends[random.integer(ends.length)]!);
      for (const j of chosen) {
        join(i, j);
        ends.push(i, j);
      }
    }
  },
  /** Newman & Watts 1999: a ring with the two next on either side, and for each link with p = 0.5 one across. */
  small_world(n, join, random) {
    for (let i = 0; i < n; i++) {
      for (const step of [1, 2]) {
        join(i, (i + step) % n);
        if (random.uniform() < 0.5) join(i, random.integer(n));
      }
    }
  },
  /** Four blocks: p = 0.25 inside, 0.01 between. */
  community(n, join, random) {
    const block = (i: number): number => Math.floor((4 * i) / n);
    eachPair(n, (i, j) => random.uniform() < (block(i) === block(j) ? 0.25 : 0.01) && join(i, j));
  },
};

function eachPair(n: number, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) visit(i, j);
}

/** Links are lost and found: each present link goes with probability `drop`, each absent one comes with `add`. No loops, no directions. */
export function changed(
  matrix: Float64Array,
  n: number,
  drop: number,
  add: number,
  random: Random,
): Float64Array {
  const next = matrix.slice();
  eachPair(n, (i, j) => {
    const linked = matrix[i * n + j]! !== 0;
    const flips = random.uniform() < (linked ? drop : add);
    if (!flips) return;
    next[i * n + j] = linked ? 0 : 1;
    next[j * n + i] = linked ? 0 : 1;
  });
  return next;
}
