/**
 * How the squared gap changes with the group element: its gradient in the coordinates of chart.ts, by the chain rule through
 * the model and through the action on inputs and outputs. For models that know their gradients.
 *
 * With r = f(g x) - g f(x) and n entries, the derivative of |r|^2 / n along the direction k is
 * (2 / n) (<r, J d_k(g x)> - <r, d_k(g f(x))>); J^T r is what the model gives, d_k is the action's own.
 */
import { Fault, type Finding } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import { act } from '../representation/index.ts';
import type { Field, FieldType } from '../signature.ts';
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { chartSize, elementAt } from './chart.ts';
import { type Pair, type Setting, transformedInputs } from './pairs.ts';

/** A pair and what the model makes of it: f(g x). */
export interface Evaluated {
  readonly pair: Pair;
  readonly result: Values;
}

export interface Slopes {
  /**
   * For each pair the gradient; `undefined` where there is none: no continuous directions, integer outputs, entries that are
   * not finite, a model without gradients or one whose gradient has failed.
   */
  of(output: Field, pairs: readonly Evaluated[]): Promise<(readonly number[] | undefined)[]>;
  /** Gradients that the model was asked for so far. */
  readonly asked: number;
  /** Why outputs went without from some point on: one output may have gradients where another one has none. */
  failures(): readonly Finding[];
}

/** Share of a coordinate's reach: differences of the action, in float64, are then good to about nine digits. */
const step = 1e-5;

/** @param base f(x) of every sample, in the native precision. */
export function slopesOf(setting: Setting, base: readonly Values[], native: Precision): Slopes {
  const { model, group, bindings, dataset } = setting;
  const size = chartSize(group);
  let asked = 0;
  const failures = new Map<string, Finding>();

  async function of(output: Field, pairs: readonly Evaluated[]) {
    const none = pairs.map(() => undefined);
    if (!model.gradient || size === 0 || failures.has(output.name) || pairs.length === 0) return none;
    if (!pairs.every(({ result }) => isReal(result[output.name]!))) return none;
    const residuals = pairs.map(({ pair: { sample, element }, result }) =>
      minus(result[output.name]!, act(element, base[sample]![output.name]!, output.type)),
    );
    const cotangents = pairs.map(({ result }, i) => cotangentsOf(result, output.name, residuals[i]!));
    let pulled: Values[];
    try {
      asked += pairs.length;
      const inputs = pairs.map(({ pair }) => transformedInputs(setting, pair));
      pulled = await model.gradient(inputs, cotangents, native);
    } catch (error) {
      // The search goes on without. What is worse than a gradient that fails shows in the next evaluation as well.
      if (!(error instanceof Fault)) throw error;
      const { severity } = error.finding;
      failures.set(output.name, {
        ...error.finding,
        severity: severity === 'error' ? 'warning' : severity,
      });
      return none;
    }
    return pairs.map(({ pair }, i) => {
      const slope = slopeOf(pair, output, residuals[i]!, pulled[i]!);
      return slope.every(Number.isFinite) ? slope : undefined;
    });
  }

  function slopeOf({ sample, element }: Pair, output: Field, residual: NdArray, pulled: Values): number[] {
    const { values } = dataset.samples[sample]!;
    const scale = 2 / Math.max(1, residual.data.length);
    return Array.from({ length: size }, (_, k) => {
      const aside = (by: number) =>
        elementAt(
          group,
          element,
          Array.from({ length: size }, (_, i) => (i === k ? by : 0)),
        );
      const along = (from: GroupElement, to: GroupElement) => {
        const own = (weights: NdArray, value: NdArray, type: FieldType) =>
          weightedChange(weights, act(from, value, type), act(to, value, type));
        let sum = -own(residual, base[sample]![output.name]!, output.type);
        for (const { input, field } of bindings) {
          const weights = pulled[input.name];
          if (weights) sum += own(weights, values[field.name]!, field.type);
        }
        return sum;
      };
      const [behind, ahead] = [along(aside(-step), element), along(element, aside(step))];
      // On the border of the declared range there is no way out: the side that leads uphill counts.
      const [uphill, downhill] = behind + ahead > 0 ? [ahead, behind] : [behind, ahead];
      const blocked = Math.abs(uphill) < Math.abs(downhill) / 2;
      return (scale * (blocked ? uphill : (behind + ahead) / 2)) / step;
    });
  }

  return {
    of,
    get asked() {
      return asked;
    },
    failures() {
      const byMessage = new Map([...failures.values()].map((finding) => [finding.message, finding]));
      return [...byMessage.values()];
    },
  };
}

/** Zero for every output but one. */
function cotangentsOf(result: Values, name: string, residual: NdArray): Values {
  const named = Object.entries(result).map(([own, { shape, data }]): [string, NdArray] => [
    own,
    own === name ? residual : { shape, data: data.map(() => 0) as NdArray['data'] },
  ]);
  return Object.fromEntries(named);
}

function minus(a: NdArray, b: NdArray): NdArray {
  return { shape: a.shape, data: Float64Array.from(a.data, (x, i) => x - b.data[i]!) };
}

function weightedChange(weights: NdArray, from: NdArray, to: NdArray): number {
  let sum = 0;
  for (let i = 0; i < weights.data.length; i++) sum += weights.data[i]! * (to.data[i]! - from.data[i]!);
  return sum;
}
