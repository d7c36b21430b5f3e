/**
 * The rounding floor: how far arithmetic alone moves f(g x) - g f(x), relative to the output's scale. Measured pair by
 * pair, by running the same pair in float64; where a model has no float64, by moving its inputs and looking at the noise.
 */
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import type { Precision } from '../tensor/runtime.ts';
import { distance, distanceOfDifferences } from './gap.ts';
import { nearbyPoints, noiseOf, noisePoints, noiseSteps } from './noise.ts';
import {
  evaluatePairs,
  inputsOf,
  type Pair,
  type Setting,
  transformedInputs,
  transformedOutputs,
} from './pairs.ts';
import type { FloorMethod } from './verification.ts';

/** Half an ulp at 1: no result is known better, whatever a lucky pair shows. */
export const leastFloors: Readonly<Record<Precision, number>> = { float32: 2 ** -24, float64: 2 ** -53 };

/** Runs with inputs one ulp away, for each pair where there is no twin. */
const perturbations = 2;

/** A pair, and a number that names it: random perturbations depend on it and on nothing else. */
export interface NumberedPair extends Pair {
  readonly number: number;
}

/** For each output: the floor of a pair, and the gap in float64 where there is a twin. Not yet relative. */
export interface PairFloor {
  readonly floor: Readonly<Record<string, number>>;
  readonly gap64?: Readonly<Record<string, number>>;
}

export interface FloorMeter {
  readonly method: FloorMethod;
  /** Pairs that are measured to know the usual floor. */
  readonly usual: number;
  /** @param results f(g x) in the native precision, in the order of the pairs. */
  measure(pairs: readonly NumberedPair[], results: readonly Values[]): Promise<PairFloor[]>;
}

/**
 * The float64 twin: the same model, the same pair, about 1e8 times less rounding. What differs is float32's doing. It may
 * take a hundred times longer, so no sample goes through it that is not asked for.
 *
 * @param base f(x) of every sample in the native precision
 */
export function twinMeter(setting: Setting, base: readonly Values[]): FloorMeter {
  const { model, dataset, group } = setting;
  const { outputs } = model.signature;
  const base64: Values[] = [];
  return {
    method: 'float64 twin',
    usual: 8,
    async measure(pairs, results) {
      const missing = [...new Set(pairs.map(({ sample }) => sample))].filter((sample) => !base64[sample]);
      const still = missing.map((sample) => ({
        sample,
        element: group.identity(dataset.samples[sample]!.sizes),
      }));
      const all = await evaluatePairs(setting, [...pairs, ...still], 'float64');
      const results64 = all.slice(0, pairs.length);
      missing.forEach((sample, i) => {
        base64[sample] = all[pairs.length + i]!;
      });
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
 * One-ulp perturbation: both sides are run again with every real input moved by one ulp up or down at random, and the
 * floor is the largest movement of f(g x) plus that of f(x). Beside it stands twice the noise of f about g x, for both
 * sides again; the larger one counts.
 */
export function perturbationMeter(
  setting: Setting,
  base: readonly Values[],
  precision: Precision,
): FloorMeter {
  const { model, dataset, random } = setting;
  const { outputs } = model.signature;
  return {
    method: 'one-ulp perturbation',
    usual: 16,
    async measure(pairs, results) {
      const nearPair: Values[] = [];
      const nearSample: Values[] = [];
      const lines: Values[] = [];
      for (const pair of pairs) {
        const moved = transformedInputs(setting, pair);
        const plain = inputsOf(setting, dataset.samples[pair.sample]!);
        const stream = random.stream('ulp', pair.sample, pair.number);
        for (let run = 0; run < perturbations; run++) {
          nearPair.push(oneUlpAway(moved, stream, precision));
          nearSample.push(oneUlpAway(plain, stream, precision));
        }
        for (const step of noiseSteps) lines.push(...nearbyPoints(moved, step, stream));
      }
      const nearby = await model.evaluate([...nearPair, ...nearSample, ...lines], precision);
      const [samplesAt, linesAt] = [nearPair.length, 2 * nearPair.length];
      return pairs.map(({ sample }, i) => {
        const floor: Record<string, number> = {};
        for (const { name } of outputs) {
          const own = results[i]![name]!;
          let left = 0;
          let right = 0;
          for (let run = 0; run < perturbations; run++) {
            const at = i * perturbations + run;
            left = Math.max(left, distance(nearby[at]![name]!, own));
            right = Math.max(right, distance(nearby[samplesAt + at]![name]!, base[sample]![name]!));
          }
          const noise = noiseSteps.map((_, k) => {
            const from = linesAt + (i * noiseSteps.length + k) * (noisePoints - 1);
            return noiseOf([
              own,
              ...nearby.slice(from, from + noisePoints - 1).map((values) => values[name]!),
            ]);
          });
          floor[name] = Math.max(left + right, 2 * (noise.find((value) => value > 0) ?? 0));
        }
        return { floor };
      });
    },
  };
}

/** Every real entry times 1 +- one ulp, the sign at random. Integers stay. */
function oneUlpAway(values: Values, random: Random, precision: Precision): Values {
  const single = precision === 'float32';
  const ulp = single ? 2 ** -23 : 2 ** -52;
  return Object.fromEntries(
    Object.entries(values).map(([name, array]): [string, NdArray] => {
      if (!isReal(array)) return [name, array];
      const data = array.data.map((value) => {
        const near = single ? Math.fround(value) : value;
        return near + (random.uniform() < 0.5 ? 1 : -1) * Math.abs(near) * ulp;
      });
      return [name, { shape: array.shape, data }];
    }),
  );
}
