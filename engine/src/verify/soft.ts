/**
 * Soft equivariance as a result: the spread of predictions over the orbit, the distance to the orbit-averaged prediction, and
 * where there are labels the loss of the model minus that of its symmetrised version (the target-equivariance gap of Arbel et
 * al. 2025, for any group and loss).
 */
import { act } from '../representation/index.ts';
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { distance } from './gap.ts';
import { meanGapOf } from './mean-gap.ts';
import { type DrawnPair, evaluatePairs, type Setting } from './pairs.ts';
import type { SoftLoss, SoftOutput, SoftResult, SoftTarget } from './soft-result.ts';
import type { MeanGap } from './verification.ts';

/** Elements that are averaged over, for one sample: more would hardly change a mean. */
const mostElements = 256;

export interface SoftRequest {
  readonly setting: Setting;
  /** f(x) of every sample. */
  readonly base: readonly Values[];
  readonly scales: ReadonlyMap<string, number>;
  /** The pairs of the check; an orbit is made of those of one sample. */
  readonly pairs: readonly DrawnPair[];
  readonly exact: boolean;
  readonly native: Precision;
  readonly confidence: number;
  readonly target?: SoftTarget;
  readonly signal?: AbortSignal;
}

/** Of the orbit of one sample, for one output. */
interface Orbit {
  readonly spread: number;
  readonly fromAverage: number;
}

/** @throws Fault `verify/non-finite` */
export async function softEquivariance(request: SoftRequest): Promise<SoftResult> {
  const { setting, base, scales, pairs, native, target, signal } = request;
  const outputs = setting.model.signature.outputs.filter(
    ({ name }) => scales.has(name) && isReal(base[0]![name]!),
  );
  const orbits = new Map(outputs.map(({ name }) => [name, [] as Orbit[]]));
  const losses = { asIs: [] as number[], overOrbit: [] as number[], symmetrised: [] as number[] };
  let elements = 0;
  for (const sample of base.keys()) {
    const own = pairs.filter((pair) => pair.sample === sample).slice(0, mostElements);
    if (own.length === 0) continue;
    elements = Math.max(elements, own.length);
    const results = await evaluatePairs(setting, own, native);
    signal?.throwIfAborted();
    for (const output of outputs) {
      const { name, type } = output;
      const pulled = results.map((values, i) =>
        act(setting.group.inverse(own[i]!.element), values[name]!, type),
      );
      const mean = meanOf(pulled);
      const plain = base[sample]![name]!;
      const scale = scales.get(name)!;
      const squares = pulled.reduce((sum, value) => sum + distance(value, mean) ** 2, 0);
      // A whole finite group is no sample of it.
      const freedom = request.exact ? own.length : Math.max(1, own.length - 1);
      orbits.get(name)!.push({
        spread: Math.sqrt(squares / freedom) / scale,
        fromAverage: distance(plain, mean) / scale,
      });
      if (target?.output !== name) continue;
      const labels = setting.dataset.samples[sample]!.values[target.field]!;
      losses.asIs.push(lossOf(target, plain, labels));
      losses.overOrbit.push(average(pulled.map((value) => lossOf(target, value, labels))));
      losses.symmetrised.push(lossOf(target, mean, labels));
    }
  }
  const interval = (name: string, values: readonly number[]): MeanGap =>
    meanGapOf(values, (i) => i, request.confidence, setting.random.stream('soft', name), 'samples');
  return {
    elements,
    exact: request.exact,
    outputs: outputs.map(({ name }): SoftOutput => {
      const own = orbits.get(name)!;
      return {
        output: name,
        spread: interval(
          `${name} spread`,
          own.map(({ spread }) => spread),
        ),
        fromAverage: interval(
          `${name} average`,
          own.map(({ fromAverage }) => fromAverage),
        ),
      };
    }),
    ...(target && losses.asIs.length > 0 ? { loss: lossResult(target, losses, interval) } : {}),
  };
}

function lossResult(
  { loss, field }: SoftTarget,
  losses: Readonly<Record<'asIs' | 'overOrbit' | 'symmetrised', readonly number[]>>,
  interval: (name: string, values: readonly number[]) => MeanGap,
): SoftLoss {
  return {
    loss: `${loss}(${field})`,
    asIs: average(losses.asIs),
    overOrbit: average(losses.overOrbit),
    symmetrised: average(losses.symmetrised),
    gap: interval(
      'loss',
      losses.overOrbit.map((value, i) => value - losses.symmetrised[i]!),
    ),
  };
}

function meanOf(values: readonly NdArray[]): NdArray {
  const data = new Float64Array(values[0]!.data.length);
  for (const { data: own } of values)
    for (let i = 0; i < data.length; i++) data[i]! += own[i]! / values.length;
  return { shape: values[0]!.shape, data };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Mean over rows, and over the entries of a row for numbers. */
function lossOf({ loss, width }: SoftTarget, { data }: NdArray, { data: labels }: NdArray): number {
  if (loss !== 'cross_entropy') {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += penalty(loss, data[i]! - labels[i]!);
    return data.length > 0 ? sum / data.length : 0;
  }
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    let largest = -Infinity;
    for (let k = 0; k < width; k++) largest = Math.max(largest, data[row * width + k]!);
    let total = 0;
    for (let k = 0; k < width; k++) total += Math.exp(data[row * width + k]! - largest);
    sum += largest + Math.log(total) - data[row * width + labels[row]!]!;
  }
  return labels.length > 0 ? sum / labels.length : 0;
}

function penalty(loss: 'l1' | 'mse' | 'huber', difference: number): number {
  const size = Math.abs(difference);
  if (loss === 'l1') return size;
  if (loss === 'mse') return size * size;
  return size <= 1 ? (size * size) / 2 : size - 0.5;
}
