/** How the feature encoder is told of missing values. On the host. */
import { momentsOf, standardised } from '../../data/prior/index.ts';

/** Of a missing value before standardising, as in the official code; 0 where there is one. */
const missingCode = -1;

/**
 * Values with 0 where they are missing, and the standardised codes of what is missing.
 * @param table [rows, columns], NaN where a value is missing
 * @param known rows that the statistics are taken from: the training rows, so that no query depends on the others. The official code
 *   takes all rows. A column in which none of these rows, or each of them, lacks its value has the code 0 throughout
 * @returns codes are absent where nothing is missing
 */
export function withoutMissing(
  table: Float64Array,
  columns: number,
  known: number,
): { values: Float64Array; codes: Float64Array | undefined } {
  if (!table.some(Number.isNaN)) return { values: table, codes: undefined };
  const rows = table.length / columns;
  const codes = new Float64Array(table.length);
  for (let column = 0; column < columns; column++) {
    const own = Float64Array.from({ length: rows }, (_, row) =>
      Number.isNaN(table[row * columns + column]!) ? missingCode : 0,
    );
    // Without this a value that is missing in queries alone would have the largest code there is.
    if (!(momentsOf(own, known).deviation > 0)) continue;
    for (const [row, code] of standardised(own, known).entries()) codes[row * columns + column] = code;
  }
  return { values: table.map((x) => (Number.isNaN(x) ? 0 : x)), codes };
}
