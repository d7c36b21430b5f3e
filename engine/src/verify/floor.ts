/**
 * The rounding floor: how far arithmetic alone moves f(g x) - g f(x), relative to the output's scale. Measured per pair
 * by running the same pair in float64; where a model has no float64, by moving its inputs by one ulp.
 */
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import { distance, distanceOfDifferences } from './gap.ts';
import {
  evaluatePairs,
  inputsOf,
  type Pair,
  type Setting,
  transformedInputs,
  transformedOutputs,
} from './pairs.ts';
import type { FloorMethod } from './verification.ts';

/** Half an ulp of float32 at 1: no float32 result is known better, whatever a lucky pair shows. */
export const leastFloor = 2 ** -24;

/** Pairs on which the floor is measured, beside the worst one. The twin is slow, and the floor varies little. */
export const floorPairs = 32;

/** Perturbed runs for each pair where there is no twin. */
const perturbations = 4;

/** For each output: the floor of a pair, and the gap in float64 where there is a twin. Not yet relative. */
export interface PairFloor {
  readonly floor: Readonly<Record<string, number>>;
  readonly gap64?: Readonly<Record<string, number>>;
}

export interface FloorMeter {
  readonly method: FloorMethod;
  /** @param results f(g x) in the native precision, in the order of the pairs. */
  measure(pairs: readonly Pair[], results: readonly Values[]): Promise<PairFloor[]>;
}

/**
 * The float64 twin: the same model, the same pair, about 1e8 times less rounding. What differs is float32's doing.
 *
 * @param base f(x) of every sample in the native precision
 * @param base64 the same in float64
 */
export function twinMeter(setting: Setting, base: readonly Values[], base64: readonly Values[]): FloorMeter {
  const { outputs } = setting.model.signature;
  return {
    method: 'float64 twin',
    async measure(pairs, results) {
      const results64 = await evaluatePairs(setting, pairs, 'float64');
      return pairs.map(({ sample, element }, i) => {
        const moved = transformedOutputs(setting, element, base[sample]!);
        const moved64 = transformedOutputs(setting, element, base64[sample]!);
        const floor: Record<string, number> = {};
        const gap64: Record<string, number> = {};
        for (const { name } of outputs) {
          const [a, b, c, d] = [results[i]![name]!, moved[name]!, results64[i]![name]!, moved64[name]!];
          floor[name] = distanceOfDifferences(a, b, c, d);
          gap64[name] = distance(c, d);
        }
        return { floor, gap64 };
      });
    },
  };
}

/**
 * One-ulp perturbation: both sides are run again with every real input moved by one float32 ulp up or down at random.
 * The floor is the largest movement of f(g x) plus that of f(x): both enter the gap.
 */
export function perturbationMeter(setting: Setting, base: readonly Values[]): FloorMeter {
  const { model, dataset, random } = setting;
  const { outputs } = model.signature;
  return {
    method: 'one-ulp perturbation',
    async measure(pairs, results) {
      const nearPair: Values[] = [];
      const nearSample: Values[] = [];
      for (const pair of pairs) {
        const moved = transformedInputs(setting, pair);
        const plain = inputsOf(setting, dataset.samples[pair.sample]!);
        for (let run = 0; run < perturbations; run++) {
          const stream = random.stream('ulp', pair.sample, pair.draw, run);
          nearPair.push(oneUlpAway(moved, stream));
          nearSample.push(oneUlpAway(plain, stream));
        }
      }
      const nearby = await model.evaluate([...nearPair, ...nearSample], 'float32');
      return pairs.map(({ sample }, i) => {
        const floor: Record<string, number> = {};
        for (const { name } of outputs) {
          let left = 0;
          let right = 0;
          for (let run = 0; run < perturbations; run++) {
            const at = i * perturbations + run;
            left = Math.max(left, distance(nearby[at]![name]!, results[i]![name]!));
            right = Math.max(right, distance(nearby[nearPair.length + at]![name]!, base[sample]![name]!));
          }
          floor[name] = left + right;
        }
        return { floor };
      });
    },
  };
}

/** Every real entry times 1 +- 2^-23, the sign at random: about one ulp of float32. Integers stay. */
function oneUlpAway(values: Values, random: Random): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, array]): [string, NdArray] => {
      if (!isReal(array)) return [name, array];
      const data = array.data.map((value) => {
        const single = Math.fround(value);
        return single + (random.uniform() < 0.5 ? 1 : -1) * Math.abs(single) * 2 ** -23;
      });
      return [name, { shape: array.shape, data }];
    }),
  );
}
