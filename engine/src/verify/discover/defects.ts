/**
 * The defects of generators: for each generator X, sample x and output, the vector d/dt rho(exp(-tX)) f(exp(tX) x) at t = 0,
 * which is linear in X and zero where X is a symmetry. Central differences, which need no derivatives of the model: of fourth
 * order, from two steps in float64 and from three in float32, whose rounding asks for long steps. The step is chosen by
 * measurement, and differences of another order or step say how far off they are.
 */
import type { GroupElement } from '../../group/group.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import { isReal, type NdArray, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { evaluatePairs, type Setting } from '../pairs.ts';
import type { OutputAction } from './discovery.ts';
import { combined, exponential, type GeneratorList, type Motion } from './generators.ts';

/** Steps that are tried: large ones suit float32, small ones stay on one side of kinks. In natural units. */
const steps: Readonly<Record<Precision, readonly number[]>> = {
  float64: [0.1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5],
  float32: [0.4, 0.2, 0.1, 0.05, 0.02, 0.01],
};

/** Samples and random directions that the step is chosen on. */
const stepSamples = 4;

/** Pairs that go through the model between two looks at cancellation. */
const atOnce = 240;

/** Places on the line exp(sX) x, in steps. */
const placesOf: Readonly<Record<Precision, readonly number[]>> = {
  float64: [0.5, -0.5, 1, -1],
  float32: [0.5, -0.5, 1, -1, 2, -2],
};

export interface DefectSetting {
  readonly setting: Setting;
  readonly list: GeneratorList;
  readonly outputs: readonly Field[];
  actionOn(output: Field): OutputAction;
  readonly precision: Precision;
  /** Called with the number of evaluations that have been made. */
  onEvaluated(count: number): void;
  readonly signal?: AbortSignal;
}

/** The derivative along one line, for each output, and what half the step changes in it. */
export interface Defect {
  readonly value: Readonly<Record<string, Float64Array>>;
  readonly error: Readonly<Record<string, Float64Array>>;
}

/**
 * Chooses the step whose differences agree best with those at half of it, on random combinations of all generators.
 * @param scales of the outputs; those without one are left out
 */
export async function chooseStep(
  request: DefectSetting,
  samples: readonly number[],
  scales: ReadonlyMap<string, number>,
): Promise<number> {
  const { setting, list, precision } = request;
  const random = setting.random.stream('discover', 'step');
  const width = list.generators.length;
  const lines = samples.slice(0, stepSamples).map((sample) => {
    const shares = list.generators.map(() => random.normal() / Math.sqrt(width));
    return { sample, motion: combined(list, shares) };
  });
  let best = { step: steps[precision][0]!, error: Infinity };
  for (const step of steps[precision]) {
    const found = await defectsAlong(request, lines, step);
    let error = 0;
    for (const { error: own } of found) {
      for (const [name, scale] of scales) error += (rms(own[name]!) / scale) ** 2;
    }
    if (error < best.error) best = { step, error };
  }
  return best.step;
}

/** Defects of every generator on every sample: `[generator][sample]`. */
export async function generatorDefects(
  request: DefectSetting,
  samples: readonly number[],
  step: number,
): Promise<Defect[][]> {
  const lines = request.list.generators.flatMap((motion) => samples.map((sample) => ({ sample, motion })));
  const found = await defectsAlong(request, lines, step);
  return request.list.generators.map((_, k) => found.slice(k * samples.length, (k + 1) * samples.length));
}

async function defectsAlong(
  { setting, outputs, actionOn, precision, onEvaluated, signal }: DefectSetting,
  lines: readonly { readonly sample: number; readonly motion: Motion }[],
  step: number,
): Promise<Defect[]> {
  const defects: Defect[] = [];
  const places = placesOf[precision];
  const each = Math.max(1, Math.floor(atOnce / places.length));
  for (let first = 0; first < lines.length; first += each) {
    const chunk = lines.slice(first, first + each);
    const pairs = chunk.flatMap(({ sample, motion }) =>
      places.map((place) => ({ sample, element: exponential(motion, place * step) })),
    );
    const results = await evaluatePairs(setting, pairs, precision);
    signal?.throwIfAborted();
    onEvaluated(pairs.length);
    chunk.forEach(({ motion }, i) => {
      const own = results.slice(i * places.length, (i + 1) * places.length);
      const back = places.map((place) => exponential(motion, -place * step));
      defects.push(defectOf(outputs, own, back, actionOn, step));
    });
  }
  return defects;
}

function defectOf(
  outputs: readonly Field[],
  results: readonly Values[],
  back: readonly GroupElement[],
  actionOn: DefectSetting['actionOn'],
  step: number,
): Defect {
  const value: Record<string, Float64Array> = {};
  const error: Record<string, Float64Array> = {};
  for (const output of outputs) {
    const line = results.map((values, i) =>
      pulledBack(values[output.name]!, output, back[i]!, actionOn(output)),
    );
    if (!isReal(line[0]!)) continue;
    const [a, b, c, d, e, f] = line.map(({ data }) => data) as Float64Array[];
    const n = a!.length;
    const best = new Float64Array(n);
    const difference = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const half = a![i]! - b![i]!;
      const whole = c![i]! - d![i]!;
      best[i] = (8 * half - whole) / (6 * step);
      // Without a third step: the plain difference over the short one, which is off by more.
      const other = e && f ? (8 * whole - (e[i]! - f[i]!)) / (12 * step) : half / step;
      difference[i] = best[i]! - other;
    }
    value[output.name] = best;
    error[output.name] = difference;
  }
  return { value, error };
}

/** rho(g^-1) f(g x) by the declared type; the bare value where outputs are left alone or their action is fitted later. */
function pulledBack(value: NdArray, { type }: Field, back: GroupElement, action: OutputAction): NdArray {
  return action === 'declared' ? act(back, value, type) : value;
}

export function rms(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return values.length > 0 ? Math.sqrt(sum / values.length) : 0;
}
