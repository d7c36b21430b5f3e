/**
 * Cases of a sampler whose draws cannot be repeated: what is compared are the frequencies and quantiles of its tables, within
 * the error of two samples.
 */
import { type NdArray, real } from '../tensor/array.ts';

/** What case.json says of the official sampler's tables. */
export interface Population {
  readonly n_data_sets: number;
  /** Tables by their number of classes; 0 where no split was found. */
  readonly class_count_histogram: Readonly<Record<string, number>>;
  readonly majority_share_quantiles_05_25_50_75_95: readonly number[];
  readonly mean_majority_share: number;
  /** Used features that are not constant, at the same five levels; likewise the next. */
  readonly non_constant_features_quantiles: readonly number[];
  /** Of a table, the mean absolute value of its standardised features. */
  readonly mean_abs_standardised_feature_quantiles: readonly number[];
}

export const levels = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** A statistic and how far two samples of this size may lie apart: four standard errors, or two whole numbers. */
interface Statistic {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
}

export function statisticsOf(population: Population): Statistic[] {
  const n = population.n_data_sets;
  const counts = Object.entries(population.class_count_histogram);
  const shares = counts.map(([classes, count]) => {
    const share = (count + 1) / (n + 2);
    return {
      name: `share.${classes}`,
      value: count / n,
      tolerance: 4 * Math.sqrt((2 * share * (1 - share)) / n),
    };
  });
  const at = (name: string, values: readonly number[], tolerance: (value: number) => number): Statistic[] =>
    values.map((value, i) => ({ name: `${name}.${levels[i]}`, value, tolerance: tolerance(value) }));
  // The majority's share has a deviation of about 0.16 and a density of about 1.8 at its quantiles.
  const median = Math.sqrt(0.5 / n);
  return [
    ...shares,
    ...at('majority', population.majority_share_quantiles_05_25_50_75_95, () => (4 * median) / 1.8),
    { name: 'majority.mean', value: population.mean_majority_share, tolerance: 4 * 0.16 * Math.sqrt(2 / n) },
    // Differences are divided by the value where it is above 1.
    ...at('features', population.non_constant_features_quantiles, (value) => 2 / Math.max(1, value)),
    // Half of the tables lie within 0.02.
    ...at('size', population.mean_abs_standardised_feature_quantiles, () => 0.02),
  ];
}

/** The statistics as outputs of the case. */
export function populationOutputs(population: Population | undefined): [string, NdArray][] {
  if (!population) return [];
  return statisticsOf(population).map(({ name, value }) => [name, real([], [value])]);
}

/** Limits by output as the short way of writing states them; the stored tables are examples and have none. */
export function populationTolerance(population: Population): Record<string, number | null> {
  const own = statisticsOf(population).flatMap(({ name, tolerance }) => [
    [`${name}_f64`, tolerance],
    [`${name}_f32`, tolerance],
  ]);
  return { f64_outputs: null, f32_outputs: null, ...Object.fromEntries(own) };
}

/** The value below which a share of the values lies, between neighbours linearly. @param values not empty */
export function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
