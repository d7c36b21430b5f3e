/**
 * How close a float32 run can come where the cases state nothing: to intermediates and gradients inside a network, which may
 * feel rounding more than what comes out of it. Measured as the cases measure their own conditioning, but for each tensor.
 * Outputs are always held to what the case states, and everything else too unless it misses that.
 */
import { isReal, type NdArray, real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import type { ParityCase } from './case.ts';

/** Noise of the cases' conditioning is one float64 ulp at 1 times normal; here it is one of float32. */
const unit = 2 ** -23;
const coarser = 2 ** 29;

/** The cases allow float32 outputs so many times the gap that was measured for them. */
export const allowance = 6;

/**
 * The case with noise of one float32 ulp on every real input and weight. What this moves in double precision cannot be expected
 * to be closer in float32, where every operation rounds.
 */
export function withNoise(parityCase: ParityCase): ParityCase {
  const random = randomFromSeed(0).stream('parity', parityCase.name);
  const noisy = (arrays: ReadonlyMap<string, NdArray>, kind: string): Map<string, NdArray> =>
    new Map(
      [...arrays].map(([name, array]) => {
        if (!isReal(array)) return [name, array];
        const own = random.stream(kind, name);
        const data = array.data.map((value) => value * (1 + unit * own.normal()));
        return [name, real(array.shape, data)];
      }),
    );
  return {
    ...parityCase,
    inputs: noisy(parityCase.inputs, 'input'),
    weights: noisy(parityCase.weights, 'weight'),
  };
}

/** Below this share of the largest gradient a float64 reference is rounding of terms that cancel. */
const vanishing = 1e-12;

/**
 * A gradient that is zero in theory leaves the rounding of its terms: in float32 so many times what the reference shows of it in
 * float64. 0 for a gradient that does not vanish.
 * @param largest entry of all gradients
 * @param least floor of the denominator of relative differences
 * @returns relative to `least`
 */
export function roundingOfZero(reference: NdArray, largest: number, least: number): number {
  let left = 0;
  for (const value of reference.data) left = Math.max(left, Math.abs(value));
  return left < vanishing * largest ? (coarser * left) / least : 0;
}
