/** Cases are stored in two ways of writing; this one names its arrays shortly and measures differences against 1. */
import { integer, type NdArray } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { Kind } from './compare.ts';
import { type Population, populationTolerance } from './population.ts';

/** How differences are measured and judged, where a case has rules of its own. */
export interface Rule {
  /** The denominator of a difference is at least this: max|a-b| / max(least, max|reference|). */
  readonly least: number;
  /** Undefined: the case gives the tensor for information and states no limit in this precision. */
  tolerance(kind: Kind, name: string, precision: Precision): number | undefined;
}

/** Prefixes of the arrays in io.safetensors. */
export interface Prefixes {
  readonly inputs: string;
  readonly outputs: string;
  readonly intermediates: string;
  readonly cotangents: string;
}

export const longPrefixes: Prefixes = {
  inputs: 'input.',
  outputs: 'output.',
  intermediates: 'inter.',
  cotangents: 'cotangent.',
};

export const shortPrefixes: Prefixes = {
  inputs: 'in.',
  outputs: 'out.',
  intermediates: 'mid.',
  cotangents: 'cot.',
};

/** Gradients are `grad.in.NAME` and `grad.w.NAME` here; all else of this module sees `input.NAME` and `weight.NAME`. */
export function gradientName(name: string): string {
  return name.replace(/^in\./, 'input.').replace(/^w\./, 'weight.');
}

/** What case.json states, for both precisions; null where nothing is to be held. Outputs may have limits of their own, `NAME_f64`. */
export type ShortTolerance = Readonly<Record<string, unknown>>;

export function isShort(tolerance: unknown): tolerance is ShortTolerance {
  return typeof tolerance === 'object' && tolerance !== null && 'f64_outputs' in tolerance;
}

export function ruleOf(tolerance: ShortTolerance): Rule {
  return {
    least: 1,
    tolerance(kind, name, precision) {
      const bits = precision === 'float64' ? 'f64' : 'f32';
      const own = tolerance[`${name}_${bits}`];
      // Gradients of a second, more accurate solution are stored beside its states.
      const isGradient = kind === 'gradient' || name.startsWith('accurate_grad');
      const stated = own ?? tolerance[`${bits}_${isGradient ? 'gradients' : 'outputs'}`];
      return typeof stated === 'number' ? stated : undefined;
    },
  };
}

/** Entries for which the rule states no limit in either precision are left out: nothing can be held against them. */
export function judged(
  arrays: ReadonlyMap<string, NdArray>,
  kind: Kind,
  rule: Rule | undefined,
): ReadonlyMap<string, NdArray> {
  if (!rule) return arrays;
  return new Map(
    [...arrays].filter(([name]) =>
      (['float64', 'float32'] as const).some(
        (precision) => rule.tolerance(kind, name, precision) !== undefined,
      ),
    ),
  );
}

/** A case of numbers alone: rows of a table, each with the settings and the parameter counts that they give. */
export type CountRow = Readonly<Record<string, unknown>>;

const counted = ['field_parameters', 'whole_GraphNeuralCDE', 'total'];

/** The counts as outputs, `ROW.COLUMN`, to be met exactly. */
export function countOutputs(rows: readonly CountRow[]): [string, NdArray][] {
  return rows.flatMap((row, i) =>
    counted.flatMap((column): [string, NdArray][] =>
      typeof row[column] === 'number' ? [[`${i}.${column}`, integer([], [row[column]])]] : [],
    ),
  );
}

/** Such a case states neither settings of its own nor a tolerance; one of a sampler is judged by its population. */
export function completed(json: Record<string, unknown>): Record<string, unknown> {
  if (json.population) {
    const population = json.population as Population;
    const hyper = { ...(json.hyper as object), population };
    return { ...json, hyper, tolerance: populationTolerance(population) };
  }
  if (!Array.isArray(json.rows)) return json;
  return { hyper: { rows: json.rows }, tolerance: { f64_outputs: 0, f32_outputs: 0 }, ...json };
}
