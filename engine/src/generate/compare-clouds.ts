/**
 * Are two sets of clouds alike? By Chamfer distances, as generated shapes are judged (Yang et al. 2019, "PointFlow", section 4.1;
 * Lopez-Paz & Oquab 2017 for the classifier).
 */

/** Clouds [n, dim], row by row. */
export type Cloud = Float64Array;

export interface CloudComparison {
  /**
   * Share of clouds whose nearest neighbour among all others is of their own set: 0.5 where the sets are alike, 1 where they are
   * apart. Sets of different sizes move the 0.5.
   */
  readonly neighbourAccuracy: number;
  /** Share of the real clouds that are the nearest one of some made cloud. */
  readonly coverage: number;
  /** Mean over real clouds of the distance to the nearest made one, in the square of the data's unit. */
  readonly matching: number;
}

/** @throws RangeError for an empty set */
export function compareClouds(made: readonly Cloud[], real: readonly Cloud[], dim: number): CloudComparison {
  if (made.length === 0 || real.length === 0) throw new RangeError('compareClouds takes two sets of clouds');
  const all = [...made, ...real];
  const distances = all.map(() => new Float64Array(all.length).fill(Number.POSITIVE_INFINITY));
  for (let i = 0; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      const distance = chamferDistance(all[i]!, all[j]!, dim);
      distances[i]![j] = distance;
      distances[j]![i] = distance;
    }
  }
  const own = distances.filter((row, i) => nearest(row, 0, all.length) < made.length === i < made.length);
  const covered = new Set(made.map((_, i) => nearest(distances[i]!, made.length, all.length)));
  const matching = real.map((_, i) => {
    const row = distances[made.length + i]!;
    return row[nearest(row, 0, made.length)]!;
  });
  return {
    neighbourAccuracy: own.length / all.length,
    coverage: covered.size / real.length,
    matching: matching.reduce((sum, value) => sum + value, 0) / real.length,
  };
}

/** Mean squared distance from each point to the nearest of the other cloud, from either side, added. */
export function chamferDistance(a: Cloud, b: Cloud, dim: number): number {
  return oneSided(a, b, dim) + oneSided(b, a, dim);
}

function oneSided(from: Cloud, to: Cloud, dim: number): number {
  let sum = 0;
  for (let i = 0; i < from.length; i += dim) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < to.length; j += dim) {
      let square = 0;
      for (let k = 0; k < dim; k++) square += (from[i + k]! - to[j + k]!) ** 2;
      if (square < least) least = square;
    }
    sum += least;
  }
  return sum / (from.length / dim);
}

/** Index of the smallest entry from `first` to before `last`. */
function nearest(row: Float64Array, first: number, last: number): number {
  let best = first;
  for (let i = first + 1; i < last; i++) if (row[i]! < row[best]!) best = i;
  return best;
}
