/** Numbers as people read them, for the names of group elements. */

/** "(1.2, -0.4, 3.0)": as many decimals as show two digits of the largest entry, or as asked. */
export function vectorText(vector: readonly number[], decimals = decimalsFor(vector)): string {
  return `(${vector.map((x) => fixed(x, decimals)).join(', ')})`;
}

/** Degrees from radians: "90 degrees", "137.2 degrees", and two digits below one degree: "0.0012 degrees". */
export function degreesText(radians: number): string {
  const degrees = (radians * 180) / Math.PI;
  const rounded = Math.abs(degrees) < 1 ? Number(degrees.toPrecision(2)) : Number(degrees.toFixed(1));
  return rounded === 1 ? '1 degree' : `${rounded} degrees`;
}

/** At most two decimals, none for whole numbers: "1.4", "2". */
export function numberText(x: number): string {
  return String(Math.abs(x) < 0.01 ? Number(x.toPrecision(2)) : Number(x.toFixed(2)));
}

function decimalsFor(vector: readonly number[]): number {
  const largest = Math.max(...vector.map(Math.abs));
  if (!(largest > 0)) return 1;
  return Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(largest))));
}

/** toFixed without a negative zero. */
function fixed(x: number, decimals: number): string {
  const text = x.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
