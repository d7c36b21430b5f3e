/** Columns made alike: mean 0, deviation 1, outliers drawn in. Statistics leave out missing values (NaN). */

export interface Moments {
  readonly mean: number;
  /** With n - 1; NaN where fewer than two values are there. */
  readonly deviation: number;
}

/** Of the first `known` entries that are numbers. @param column [rows] */
export function momentsOf(column: Float64Array, known = column.length): Moments {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < known; i++) {
    if (Number.isNaN(column[i]!)) continue;
    count++;
    sum += column[i]!;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < known; i++) if (!Number.isNaN(column[i]!)) squares += (column[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (count - 1)) };
}

/**
 * (x - mean) / (deviation + 1e-6), held within +-100; missing values stay missing. A column without two values of its own is
 * left as it is.
 * @param known the statistics are those of so many first entries
 */
export function standardised(column: Float64Array, known = column.length): Float64Array {
  const { mean, deviation } = momentsOf(column, known);
  if (Number.isNaN(deviation)) return column;
  return column.map((x) => Math.max(-100, Math.min(100, (x - mean) / (deviation + 1e-6))));
}

/** Deviations beyond which an entry is an outlier. */
const sigmas = 4;

/**
 * Entries beyond four deviations, of a mean and deviation that leave the outliers out, are drawn in to the bound and log(1 + |x|)
 * more. Missing values stay missing.
 * @param known the statistics are those of so many first entries
 */
export function outliersDrawnIn(column: Float64Array, known = column.length): Float64Array {
  const wide = boundsOf(column, known);
  const inside = column.slice(0, known).filter((x) => x >= wide.low && x <= wide.high);
  const { low, high } = boundsOf(inside, inside.length);
  if (Number.isNaN(low)) return column;
  return column.map((x) => {
    const raised = Math.max(x, low - Math.log1p(Math.abs(x)));
    return Math.min(raised, high + Math.log1p(Math.abs(raised)));
  });
}

function boundsOf(column: Float64Array, known: number): { low: number; high: number } {
  const { mean, deviation } = momentsOf(column, known);
  return { low: mean - sigmas * deviation, high: mean + sigmas * deviation };
}
