/**
 * The noise of a computation, from its own values at nearby points: differences of high order cancel what is smooth and
 * keep what is rounding (Moré & Wild, Estimating Computational Noise, SIAM J. Sci. Comput. 33, 2011). It sees rounding
 * deep inside a network that a change of the input by one ulp never reaches.
 */
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';

/** Points on a line, the middle of the estimate; their fourth differences are used. */
export const noisePoints = 6;

/**
 * Relative steps between the points. The small one stays on one side of most kinks (ReLU); where it is below what the
 * network resolves, all its values are equal, and the large one counts.
 */
export const noiseSteps = [2 ** -18, 2 ** -12] as const;

/** gamma_4 = (4!)^2 / 8!: the share of the noise's variance in a squared fourth difference. */
const gamma = 1 / 70;

/** The points x (1 + k step s), k = 1 to {@link noisePoints} - 1, s a random sign for each entry. Integers stay. */
export function nearbyPoints(values: Values, step: number, random: Random): Values[] {
  const signs = Object.fromEntries(
    Object.entries(values).map(([name, { data }]) => [
      name,
      Float64Array.from(data, () => (random.uniform() < 0.5 ? 1 : -1)),
    ]),
  );
  return Array.from({ length: noisePoints - 1 }, (_, k) =>
    Object.fromEntries(
      Object.entries(values).map(([name, array]): [string, NdArray] => {
        if (!isReal(array)) return [name, array];
        const own = signs[name]!;
        return [
          name,
          { shape: array.shape, data: array.data.map((x, i) => x * (1 + (k + 1) * step * own[i]!)) },
        ];
      }),
    ),
  );
}

/**
 * Standard deviation of the noise of one entry, root mean square over entries.
 * @param line values at the {@link noisePoints} points, in order, all of one shape
 */
export function noiseOf(line: readonly NdArray[]): number {
  const n = line[0]!.data.length;
  if (n === 0 || !isReal(line[0]!)) return 0;
  let sum = 0;
  const rows = noisePoints - 4;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < rows; k++) {
      const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((j) => line[k + j]!.data[i]!) as [
        number,
        number,
        number,
        number,
        number,
      ];
      sum += (a - 4 * b + 6 * c - 4 * d + e) ** 2;
    }
  }
  return Math.sqrt((gamma * sum) / (rows * n));
}
